// The agent console's entry: mounts React.
import "./mantine.css";
import "./theme.css";
import { MantineProvider } from "@mantine/core";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { Toasts } from "./shell/Toasts";
import { theme } from "./theme";

const root = document.getElementById("app");
if (root === null) throw new Error("The page has no #app element.");
createRoot(root).render(
  <MantineProvider theme={theme} defaultColorScheme="auto">
    <Toasts />
    <App />
  </MantineProvider>,
);
