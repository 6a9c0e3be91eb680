import { expect, test } from "vitest";
import { choicesFrom, choicesInWords, wrongAt } from "./flows";

test("choices are written one a line, and read as they were written", () => {
  const choices = { red: ["red", "scarlet"], blue: ["blue"] };
  expect(choicesInWords(choices)).toBe("red: red, scarlet\nblue: blue");
  expect(choicesFrom(choicesInWords(choices))).toEqual(choices);
  expect(choicesFrom("red\n\n blue : azure, \n")).toEqual({ red: ["red"], blue: ["azure"] });
});

test("a problem is told where it stands", () => {
  const problems = [
    { at: "slots.1.ask", says: "too short" },
    { at: "slots", says: "one is missing" },
    { at: "slots.1.choices.red", says: "too many" },
  ];
  expect(wrongAt(problems, "slots")).toBe("one is missing");
  expect(wrongAt(problems, "slots.1.choices", true)).toBe("too many");
  expect(wrongAt(problems, "slots.1.choices")).toBeNull();
});
