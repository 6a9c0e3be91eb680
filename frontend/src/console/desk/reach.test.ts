import { describe, expect, it } from "vitest";
import { everyDay, floorOf, heightOf, percent, type ReachDay, type ReachOfInbox, sum } from "./reach";

const DAY: ReachDay = {
  begins: "2026-03-01",
  target_s: 180,
  target_percent: 95,
  asked: 10,
  met: 8,
  missed: 1,
  left: 1,
  waiting: 0,
  chose_date: 1,
  given_date: 0,
  share: 8 / 9,
  median_s: 12,
  p95_s: 150,
  kept: 1,
  broken: 0,
  released: 0,
  open: 0,
};
const INBOX: ReachOfInbox = {
  inbox_id: 1,
  name: "Lumen & Oak",
  target_s: 180,
  target_percent: 95,
  since: "2026-02-27",
  until: "2026-03-02",
  periods: [DAY, { ...DAY, begins: "2026-03-02", met: 2 }],
};

describe("reach", () => {
  it("has a place for days on which nobody asked", () => {
    expect(everyDay(INBOX).map(({ day, found }) => [day, found?.met ?? null])).toEqual([
      ["2026-02-27", null],
      ["2026-02-28", null],
      ["2026-03-01", 8],
      ["2026-03-02", 2],
    ]);
  });

  it("adds days up", () => {
    expect(sum(INBOX.periods)).toMatchObject({ met: 10, missed: 2, left: 2, chose_date: 2, kept: 2, broken: 0 });
  });

  it("never rounds up to a target", () => {
    expect(percent(9499, 10_000)).toBe("94.9%");
    expect(percent(95, 100)).toBe("95%");
    expect(percent(0, 0)).toBe("–");
  });

  it("draws above a floor below which nothing is", () => {
    expect(floorOf([0.93, 1], 0.95)).toBe(0.75);
    expect(floorOf([0.2], 0.95)).toBe(0);
    expect(floorOf([], 0.75)).toBe(0.5);
    expect(heightOf(1, 0.75)).toBe(1);
    expect(heightOf(0.875, 0.75)).toBe(0.5);
  });
});
