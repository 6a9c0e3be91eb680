import { expect, it } from "vitest";
import { dayName, shortDuration } from "./duration";

it("says durations shortly and never negative", () => {
  expect([-5, 42, 60, 3599, 3900, 90_000].map(shortDuration)).toEqual(["0s", "42s", "1m", "59m", "1h 05m", "1d"]);
});

it("names today and yesterday", () => {
  const now = new Date(2026, 2, 1, 0, 30);
  expect(dayName(new Date(2026, 2, 1, 0, 5), now.getTime())).toBe("Today");
  expect(dayName(new Date(2026, 1, 28, 23, 59), now.getTime())).toBe("Yesterday");
  expect(dayName(new Date(2025, 0, 2), now.getTime(), "en-GB")).toContain("2 January 2025");
});
