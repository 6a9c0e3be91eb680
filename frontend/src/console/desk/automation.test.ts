import { afterEach, expect, test, vi } from "vitest";
import { beside, intentName, type ModelVersion, outcomeName, pointsBeside, remarksOf, runGolden } from "./automation";

afterEach(() => vi.unstubAllGlobals());

test("a version is told by what it has and the live one has not", () => {
  const version = (shipped: number, intents: string[]) =>
    ({
      learned_from: { shipped },
      metrics: { intents: Object.fromEntries(intents.map((each) => [each, {}])) },
    }) as unknown as ModelVersion;
  expect(beside(version(20, ["stock", "returns"]), version(15, ["stock", "refund"]))).toEqual([
    "5 more examples",
    "new intents: Returns",
    "no longer: Refund",
  ]);
  expect(beside(version(15, ["stock"]), version(15, ["stock"]))).toEqual([]);
  expect([
    pointsBeside(0.912, 0.9),
    pointsBeside(0.9, 0.912),
    pointsBeside(0.9, 0.9),
    pointsBeside(0.9, undefined),
  ]).toEqual(["+1.2", "−1.2", "±0", ""]);
});

test("no intent and none of ours have names", () => {
  expect(["", "oos", "order_status"].map(intentName)).toEqual([
    "Not clear",
    "Nothing the bot has an answer for",
    "Order status",
  ]);
});

test("a run is looked at until it is done, and one that failed says why", async () => {
  vi.useFakeTimers();
  const states = ["waiting", "asking", "failed"];
  vi.stubGlobal("fetch", (url: string) => {
    const body = url.endsWith("/session/")
      ? { csrf_token: "t" }
      : { id: 1, model: 3, state: states.shift(), problem: "The questions could not be asked.", items: [] };
    return Promise.resolve(new Response(JSON.stringify(body)));
  });
  const heard: string[] = [];
  const running = runGolden(3, (state) => heard.push(state));
  await vi.runAllTimersAsync();
  expect(await running).toEqual({ advice: "The questions could not be asked." });
  expect(heard).toEqual(["waiting", "asking"]);
  vi.useRealTimers();
});

test("what a question came to is told in words", () => {
  const outcomes = ["article returns", "flow order_status", "person human_only", "person", "brain", "small talk"];
  expect(outcomes.map((each) => outcomeName(each))).toEqual([
    "the article “returns”",
    "the flow “Order status”",
    "a person (human-only topic)",
    "a person",
    "the inbox’s own bot",
    "small talk",
  ]);
});

test("an article is called by its title where it is known", () => {
  const articles = [{ id: 1, slug: "returns", title: "Returns and refunds", language: "en" }];
  expect(outcomeName("article returns", articles)).toBe("the article “Returns and refunds”");
  expect(outcomeName("article gone", articles)).toBe("the article “gone”");
});

test("what would make a version read better is told, and older ones say nothing", () => {
  const version = (metrics: object) => ({ metrics }) as ModelVersion;
  expect(remarksOf(version({ remarks: { says: ["Give “stock” more examples."] } }))).toHaveLength(1);
  expect(remarksOf(version({}))).toEqual([]);
});
