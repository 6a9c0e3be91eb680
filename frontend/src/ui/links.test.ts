import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safeHref, splitLinks } from "./links";

describe("links in plain text", () => {
  it("finds an address and leaves the sentence's full stop outside", () => {
    expect(splitLinks("See https://shop.example/returns.")).toEqual([
      { kind: "text", text: "See " },
      { kind: "link", text: "https://shop.example/returns", href: "https://shop.example/returns" },
      { kind: "text", text: "." },
    ]);
  });

  it("keeps brackets that belong to the address and drops those around it", () => {
    expect(splitLinks("(https://a.example/x_(y))").map((part) => part.text)).toEqual([
      "(",
      "https://a.example/x_(y)",
      ")",
    ]);
  });

  it("leaves any row of brackets and stops outside that the address does not open", () => {
    const [link, rest] = splitLinks(`https://a.example/(x)${").".repeat(4_000)}`).map((part) => part.text);
    expect(link).toBe("https://a.example/(x)");
    expect(rest).toHaveLength(8_000);
  });

  it("never links another scheme", () => {
    expect(safeHref("javascript:alert(1)")).toBeNull();
    expect(splitLinks("javascript:alert(1) data:text/html,x")).toEqual([
      { kind: "text", text: "javascript:alert(1) data:text/html,x" },
    ]);
  });

  it("loses no character of any text", () => {
    const character = fc.integer({ min: 0, max: 0x10ffff }).map((point) => String.fromCodePoint(point));
    const texts = fc.array(character).map((characters) => characters.join(""));
    const pieces = fc.array(fc.oneof(texts, fc.webUrl(), fc.constant("https://")));
    fc.assert(
      fc.property(pieces, (words) => {
        const text = words.join(" ");
        expect(
          splitLinks(text)
            .map((part) => part.text)
            .join(""),
        ).toBe(text);
      }),
    );
  }, 30_000); // the library needs seconds for its generators where others use the processor
});
