// The merchant's colour made safe: ink that can be read on it, and a shade of it that can be read on the page.
// Contrast after WCAG 2.2 (relative luminance of sRGB).

type Rgb = readonly [number, number, number];

export interface Palette {
  readonly color: string;
  /** Text on `color`. */
  readonly ink: string;
  /** `color` as text on a light and on a dark surface. */
  readonly accentOnLight: string;
  readonly accentOnDark: string;
}

const FALLBACK: Rgb = [31, 111, 92];
const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [17, 20, 24];
const LIGHT_SURFACE: Rgb = [255, 255, 255];
const DARK_SURFACE: Rgb = [34, 38, 43];
export const READABLE = 4.5;

export function paletteOf(hex: string): Palette {
  const color = parse(hex) ?? FALLBACK;
  const ink = contrast(color, WHITE) >= READABLE || contrast(color, WHITE) >= contrast(color, BLACK) ? WHITE : BLACK;
  // A middle tone carries neither ink well: shift it away from the ink until it does.
  const readable = shifted(color, ink === WHITE ? BLACK : WHITE, ink);
  return {
    color: format(readable),
    ink: format(ink),
    accentOnLight: format(shifted(color, BLACK, LIGHT_SURFACE)),
    accentOnDark: format(shifted(color, WHITE, DARK_SURFACE)),
  };
}

export function contrastOf(a: string, b: string): number {
  return contrast(parse(a) ?? FALLBACK, parse(b) ?? FALLBACK);
}

/** The colour, mixed with `towards` just as much as it takes to be read against `against`. */
function shifted(color: Rgb, towards: Rgb, against: Rgb): Rgb {
  for (let share = 0; share < 1; share += 0.04) {
    const mixed = mix(color, towards, share);
    if (contrast(mixed, against) >= READABLE) return mixed;
  }
  return towards;
}

function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const at = (i: 0 | 1 | 2): number => Math.round(a[i] * (1 - share) + b[i] * share);
  return [at(0), at(1), at(2)];
}

function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance([r, g, b]: Rgb): number {
  const linear = (part: number): number => {
    const c = part / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

function parse(hex: string): Rgb | null {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  if (found === null) return null;
  return [
    Number.parseInt(found[1] ?? "", 16),
    Number.parseInt(found[2] ?? "", 16),
    Number.parseInt(found[3] ?? "", 16),
  ];
}

function format(color: Rgb): string {
  return `#${color.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}
