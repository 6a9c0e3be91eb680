import fc from "fast-check";
import { expect, it } from "vitest";
import { backoff, LONGEST_MS } from "./backoff";

it("grows, never passes the longest pause, and uses the whole range", () => {
  expect(backoff(0, 1)).toBe(500);
  expect(backoff(3, 1)).toBe(4_000);
  fc.assert(
    fc.property(fc.nat(10_000), fc.float({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const wait = backoff(attempt, random);
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThanOrEqual(LONGEST_MS);
    }),
  );
});
