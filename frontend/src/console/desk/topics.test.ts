import { expect, test } from "vitest";
import { countOf, nameOf, type Topic, wrongIn } from "./topics";

test("a topic of one's own is named by its words", () => {
  expect(nameOf("Gift cards, 2")).toBe("gift_cards_2");
  expect(nameOf("Überweisungen")).toBe("uberweisungen");
  expect(nameOf("2 lamps")).toBe("lamps");
  expect(nameOf("礼品卡")).toBe("own_topic");
  expect(nameOf("x".repeat(80))).toHaveLength(40);
});

test("only rules that count are counted: not those switched off, not empty lines", () => {
  const rule = (is_off: boolean) => ({ rule: "fraud.en.1", mark: "m", pattern: "x", is_off });
  const topic = {
    shipped: { en: [rule(false), rule(true)] },
    change: { own: { de: ["betrug", " "] } },
  } as unknown as Topic;
  expect(countOf(topic)).toEqual({ shipped: 1, own: 1 });
});

test("bad lines are told under the language they are in", () => {
  const problems = [
    { at: "en.2", says: "it has no words" },
    { at: "en.5", says: "missing )" },
    { at: "de.1", says: "too long" },
  ];
  expect(wrongIn(problems, "en")).toBe("Line 2: it has no words; Line 5: missing )");
  expect(wrongIn(problems, "fr")).toBeNull();
});
