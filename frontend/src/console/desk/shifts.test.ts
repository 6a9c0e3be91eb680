import { expect, it } from "vitest";
import { BOB, CAROL } from "./sample";
import { between, hindrance, placesLeft, type Shift } from "./shifts";

function shift(id: number, from: number, to: number, change: Partial<Shift> = {}): Shift {
  const at = (hour: number) => new Date(Date.UTC(2026, 4, 4, hour)).toISOString();
  return { id, team_id: 1, team: "Night", starts_at: at(from), ends_at: at(to), places: 1, agent_ids: [], ...change };
}

it("says why a shift cannot be taken", () => {
  const mine = shift(1, 9, 12, { agent_ids: [BOB] });
  expect(hindrance(shift(2, 9, 12, { agent_ids: [CAROL] }), BOB, [])).toBe("Full");
  expect(hindrance(shift(2, 11, 14), BOB, [mine])).toBe("You have another");
  expect(hindrance(shift(2, 12, 14), BOB, [mine])).toBe("");
  expect(hindrance(shift(2, 11, 14), CAROL, [mine])).toBe("");
});

it("counts the places left", () => {
  expect(placesLeft(shift(1, 9, 12))).toBe("1 place");
  expect(placesLeft(shift(1, 9, 12, { places: 3, agent_ids: [BOB] }))).toBe("2 of 3 places left");
});

it("reads an end before the start as one on the next day", () => {
  const night = between("2026-05-04", "22:00", "06:00");
  expect(Date.parse(night?.ends_at ?? "") - Date.parse(night?.starts_at ?? "")).toBe(8 * 3_600_000);
  expect(between("2026-05-04", "", "06:00")).toBeNull();
});
