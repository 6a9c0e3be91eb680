import { expect, test } from "vitest";
import { axisOf, pathOf, placeOf, SIZE } from "./plot";

const POINTS = [
  { bar: 0.9, kept: 0.5, wrong: 0 },
  { bar: 0.1, kept: 1, wrong: 0.4 },
];

test("the limit is never squeezed to the ground, nor above the middle", () => {
  expect(axisOf(POINTS, 0.02)).toBe(0.2);
  expect(axisOf(POINTS, 0.3)).toBe(0.6);
  expect(axisOf([], 0.001)).toBe(0.01);
});

test("nothing wrong lies on the ground, all kept at the right, and too much wrong stays in the chart", () => {
  expect(placeOf({ kept: 1, wrong: 0 }, 0.1)).toEqual({ x: SIZE.right, y: SIZE.bottom });
  expect(placeOf({ kept: 0, wrong: 5 }, 0.1)).toEqual({ x: SIZE.left, y: SIZE.top });
  expect(pathOf(POINTS, 0.2)).toMatch(/^M195 108L350 10$/);
});
