import { expect, test } from "vitest";
import { choicesFrom, choicesInWords, type Flow, firstSpec, wrongAt } from "./flows";

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

test("a new flow begins with the words of its intent in another language, or asks for all its action takes", () => {
  const action = { name: "move_payment", identity: "proven", takes: ["order"], gives: ["due"] } as const;
  const own = { ...action, takes: [...action.takes], gives: [...action.gives] };
  const flow = (language: string) => ({
    intent: "payment",
    language,
    action: own,
    spec: { title: language, language },
  });
  const known = [flow("de"), flow("en")] as unknown as Flow[];
  expect(firstSpec("payment", own, "fr", known)).toEqual({ title: "en", language: "fr" });
  expect(firstSpec("stock", own, "fr", known)).toMatchObject({
    title: "Move payment",
    slots: [{ name: "order", kind: "text", ask: "Order?" }],
    done: "Done: {due}.",
  });
});
