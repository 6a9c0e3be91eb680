import { describe, expect, it } from "vitest";
import { type Hours, read, summary, typed } from "./hours";

const SHOP: Hours = {
  tz: "Europe/Berlin",
  mon: [
    ["09:00", "12:00"],
    ["13:00", "24:00"],
  ],
  tue: [["09:00", "17:00"]],
  wed: [["09:00", "17:00"]],
  thu: [],
  fri: [],
  sat: [],
  sun: [],
  holidays: { "2026-12-24": [["09:00", "12:00"]], "2026-12-25": [] },
};

describe("opening hours", () => {
  it("are read as they were written", () => {
    expect(read(typed(SHOP, "UTC"))).toEqual({ hours: SHOP });
    expect(read(typed({}, "Europe/Berlin"))).toEqual({ hours: { tz: "Europe/Berlin" } });
  });

  it("take what people type", () => {
    const days = { ...typed(SHOP, "UTC").days, mon: "9-12, 13:30 - 18", tue: "Closed", wed: "" };
    const found = read({ ...typed(SHOP, "UTC"), days });
    expect(found).toMatchObject({
      hours: {
        mon: [
          ["09:00", "12:00"],
          ["13:30", "18:00"],
        ],
        tue: [],
        wed: [],
      },
    });
  });

  it("name the part that cannot be read", () => {
    for (const wrong of ["all day", "18-9", "9-25", "9:75-10", "9-10-11", "9-12,", "9"]) {
      const days = { ...typed(SHOP, "UTC").days, fri: wrong };
      expect(read({ ...typed(SHOP, "UTC"), days })).toEqual({ wrong: "fri" });
    }
    for (const holidays of ["Christmas", "2026-13-45 closed", "2026-12-25 maybe"])
      expect(read({ ...typed(SHOP, "UTC"), holidays })).toEqual({ wrong: "holidays" });
  });

  it("are told in a line", () => {
    expect(summary({})).toBe("Always open");
    expect(summary(SHOP)).toBe("Mon 09:00–12:00, 13:00–24:00; Tue–Wed 09:00–17:00");
    expect(summary({ mon: [] })).toBe("Never open");
  });
});
