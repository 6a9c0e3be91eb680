import { expect, it } from "vitest";
import { assigned, BOB, CAROL, conversation } from "../desk/sample";
import { replyLock } from "./permission";

it("lets the assignee write, and tells everybody else what to do", () => {
  expect(replyLock(assigned(BOB), BOB, false)).toBeNull();
  expect(replyLock(assigned(CAROL), BOB, false)?.advice).toContain("Carol");
  expect(replyLock(assigned(CAROL), BOB, true)?.advice).toContain("join");
  expect(replyLock(assigned(CAROL, { beside: [{ id: BOB, name: "Bob" }] }), BOB, true)).toBeNull();
  for (const state of ["bot", "queued", "offered", "callback", "closed"] as const)
    expect(replyLock(conversation({ state }), BOB, false)?.advice).not.toBe("");
});
