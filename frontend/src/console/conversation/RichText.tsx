// Plain text with its http(s) addresses as links; never HTML.
import { Fragment } from "react";
import { splitLinks } from "../../ui/links";

export function RichText({ text }: { text: string }) {
  return splitLinks(text).map((part, at) =>
    part.kind === "link" ? (
      <a
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change places
        key={at}
        href={part.href}
        target="_blank"
        rel="noopener noreferrer"
      >
        {part.text}
      </a>
    ) : (
      <Fragment
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change places
        key={at}
      >
        {part.text}
      </Fragment>
    ),
  );
}
