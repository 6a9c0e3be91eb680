/** @jsxImportSource preact */
// Plain text as written, with its http(s) addresses made links; never HTML.
import type { JSX } from "preact";
import { splitLinks } from "../../ui/links";

export function RichText({ text }: { text: string }): JSX.Element {
  return (
    <>
      {splitLinks(text).map((part, i) =>
        part.kind === "text" ? (
          part.text
        ) : (
          <a
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change places
            key={i}
            href={part.href}
            target="_blank"
            rel="noopener noreferrer nofollow"
          >
            {part.text}
          </a>
        ),
      )}
    </>
  );
}
