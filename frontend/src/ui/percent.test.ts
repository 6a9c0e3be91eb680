import { expect, test } from "vitest";
import { alwaysTenths, percent, toTenths } from "./percent";

test("shares are said as short as they can be told apart", () => {
  expect([0.005, 0.02, 0.125, 1, 0].map(percent)).toEqual(["0.5%", "2%", "13%", "100%", "0%"]);
});

test("tenths are there where they say something, or always", () => {
  expect([0.95, 0.947].map(toTenths)).toEqual(["95%", "94.7%"]);
  expect([0.95, 0.947].map(alwaysTenths)).toEqual(["95.0%", "94.7%"]);
});
