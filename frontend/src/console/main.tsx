// The agent console's entry: mounts React.
import "@mantine/core/styles.css";
import { MantineProvider, Title } from "@mantine/core";
import { createRoot } from "react-dom/client";

const root = document.getElementById("app");
if (root === null) throw new Error("The page has no #app element.");
createRoot(root).render(
  <MantineProvider defaultColorScheme="auto">
    <Title>Supportdesk</Title>
  </MantineProvider>,
);
