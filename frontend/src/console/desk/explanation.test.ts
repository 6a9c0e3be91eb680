import { expect, test } from "vitest";
import { signalsInWords } from "./explanation";

test("signals are told in words, and what was not seen is left out", () => {
  const signals = {
    language: "en",
    human_request: null,
    intent: { name: "stock", confidence: 0.91234 },
    repeats: false,
  };
  expect(signalsInWords({ ...signals, human_only: { topic: "fraud", skills: ["fraud"], team: [] } })).toEqual([
    ["language", "en"],
    ["intent", "stock, 0.912"],
    ["says it again", "no"],
    ["only people answer", "fraud, fraud"],
  ]);
});
