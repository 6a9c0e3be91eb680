// Builds the two pages the desk serves: the widget's iframe (Preact) and the agent console (React).
// Widget files name their JSX runtime themselves (`@jsxImportSource preact`); React is the default.
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "vite";
import { defineConfig } from "vitest/config";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** One build makes both: a dist without its loader would leave every merchant's page without a chat. */
const loader: Plugin = {
  name: "supportdesk-loader",
  apply: "build",
  closeBundle: async () => {
    await build({ configFile: path("vite.loader.config.ts") });
  },
};

export default defineConfig({
  base: "/static/",
  plugins: [loader],
  build: {
    outDir: "dist",
    target: "es2022",
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { widget: path("widget/index.html"), console: path("console/index.html") },
      // Mantine marks every module "use client" for frameworks that render on a server; a bundle has no use for it.
      onwarn: (warning, warn) => {
        if (warning.code !== "MODULE_LEVEL_DIRECTIVE") warn(warning);
      },
    },
  },
  test: { include: ["src/**/*.test.{ts,tsx}"], environment: "node" },
});
