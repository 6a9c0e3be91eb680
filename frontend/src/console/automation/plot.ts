// Where things lie in the small chart of kept against wrong. Pure.
import type { Point } from "../desk/automation";

/** Where much more goes wrong than the limit allows, the chart ends at so many times the limit. */
const SEEN = 10;

export const SIZE = { width: 360, height: 132, left: 40, right: 350, top: 10, bottom: 108 } as const;

/** How much wrong the chart's height stands for: the limit is never squeezed to the ground, and never less than a percent. */
export function axisOf(points: readonly Point[], limit: number): number {
  const most = Math.max(0, ...points.map(({ wrong }) => wrong));
  return Math.max(0.01, Math.min(most, SEEN * limit), 2 * limit);
}

export function placeOf({ kept, wrong }: { kept: number; wrong: number }, axis: number): { x: number; y: number } {
  const x = SIZE.left + kept * (SIZE.right - SIZE.left);
  const y = SIZE.bottom - (Math.min(wrong, axis) / axis) * (SIZE.bottom - SIZE.top);
  return { x: Math.round(10 * x) / 10, y: Math.round(10 * y) / 10 };
}

export function pathOf(points: readonly Point[], axis: number): string {
  return points.map((point, n) => `${n === 0 ? "M" : "L"}${Object.values(placeOf(point, axis)).join(" ")}`).join("");
}
