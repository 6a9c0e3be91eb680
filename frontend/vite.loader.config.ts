// Builds the loader a merchant embeds: one small classic script with a stable name, dist/widget.js.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  publicDir: false,
  build: {
    outDir: "dist",
    emptyOutDir: false,
    target: "es2020",
    lib: {
      entry: fileURLToPath(new URL("src/loader/main.ts", import.meta.url)),
      formats: ["iife"],
      name: "SupportdeskLoader",
      fileName: () => "widget.js",
    },
  },
});
