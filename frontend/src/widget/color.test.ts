import fc from "fast-check";
import { expect, it } from "vitest";
import { contrastOf, paletteOf, READABLE } from "./color";

const hex = fc
  .tuple(fc.nat(255), fc.nat(255), fc.nat(255))
  .map((c) => `#${c.map((p) => p.toString(16).padStart(2, "0")).join("")}`);

it("makes any colour of a merchant readable", () => {
  fc.assert(
    fc.property(hex, (color) => {
      const palette = paletteOf(color);
      expect(contrastOf(palette.color, palette.ink)).toBeGreaterThanOrEqual(READABLE);
      expect(contrastOf(palette.accentOnLight, "#ffffff")).toBeGreaterThanOrEqual(READABLE);
      expect(contrastOf(palette.accentOnDark, "#22262b")).toBeGreaterThanOrEqual(READABLE);
    }),
  );
});

it("keeps a colour that is readable already", () => {
  expect(paletteOf("#1f6f5c").color).toBe("#1f6f5c");
});
