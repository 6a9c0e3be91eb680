/** @jsxImportSource preact */
// The widget's entry inside its iframe: mounts Preact.
import { render } from "preact";

const root = document.getElementById("app");
if (root === null) throw new Error("The page has no #app element.");
render(<p>Supportdesk</p>, root);
