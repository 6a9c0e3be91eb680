import { expect, it } from "vitest";
import { assigned, BOB, CAROL, conversation } from "../desk/sample";
import { replyLock } from "./permission";

it("lets the assignee write, and tells everybody else what to do", () => {
  expect(replyLock(assigned(BOB), BOB)).toBeNull();
  expect(replyLock(assigned(CAROL), BOB)?.advice).toContain("Carol");
  for (const state of ["bot", "queued", "offered", "callback", "closed"] as const)
    expect(replyLock(conversation({ state }), BOB)?.advice).not.toBe("");
});
