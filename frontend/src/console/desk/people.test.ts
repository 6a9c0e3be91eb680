import { expect, it } from "vitest";
import { readLanguages, readSkills, writtenSkills } from "./people";

it("reads skills as they were written", () => {
  const levels = { fraud: 5, lamps: 3 };
  expect(writtenSkills(levels)).toBe("fraud:5, lamps");
  expect(readSkills(writtenSkills(levels))).toEqual(levels);
  expect(readSkills(" fraud : 1 ,, ")).toEqual({ fraud: 1 });
  for (const wrong of ["fraud:6", "fraud:0", "two words", "fraud:high"]) expect(readSkills(wrong)).toBeNull();
});

it("reads languages as codes", () => {
  expect(readLanguages("DE, en, de")).toEqual(["de", "en"]);
  expect(readLanguages("German")).toBeNull();
});
