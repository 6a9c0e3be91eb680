/** @jsxImportSource preact */
// Who speaks, at a glance: a person's initials or the assistant's star.
import type { JSX } from "preact";
import { AssistantIcon } from "./Icons";

export function Avatar({ kind, name }: { kind: "agent" | "bot"; name: string }): JSX.Element {
  return (
    <span class={`avatar ${kind}`} aria-hidden="true">
      {kind === "bot" ? <AssistantIcon /> : initials(name)}
    </span>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/u).slice(0, 2);
  return words.map((word) => [...word][0]?.toUpperCase() ?? "").join("");
}
