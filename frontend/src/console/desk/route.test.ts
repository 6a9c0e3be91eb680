import { expect, it } from "vitest";
import { parseRoute, pathOf } from "./route";

const ID = "0190a0b1-0000-7000-8000-00000000000a";

it("reads its own addresses back", () => {
  for (const route of [
    { view: "queue", conversation: null },
    { view: "mine", conversation: ID },
  ] as const)
    expect(parseRoute(pathOf(route))).toEqual(route);
});

it("falls back to my chats for anything else", () => {
  expect(parseRoute("/console/")).toEqual({ view: "mine", conversation: null });
  expect(parseRoute("/console/nonsense/x/y")).toEqual({ view: "mine", conversation: null });
});
