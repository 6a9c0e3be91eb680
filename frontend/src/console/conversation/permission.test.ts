import { expect, it } from "vitest";
import { assigned, BOB, CAROL, conversation, offeredTo } from "../desk/sample";
import { replyLock } from "./permission";

const NAMES = new Map([[CAROL, "Carol"]]);

it("says who has it next after a transfer", () => {
  const waiting = conversation({ waits_for: "Billing" });
  expect(replyLock(waiting, BOB, false, NAMES)?.title).toBe("It is waiting for Billing.");
  expect(replyLock(offeredTo(CAROL), BOB, false, NAMES)?.title).toBe("It is being offered to Carol.");
  expect(replyLock(offeredTo(BOB), BOB, false, NAMES)?.title).toBe("It is offered to you.");
  expect(replyLock(conversation(), BOB, false, NAMES)?.title).toBe("Nobody has this conversation yet.");
});

it("lets the assignee write, and tells everybody else what to do", () => {
  expect(replyLock(assigned(BOB), BOB, false, NAMES)).toBeNull();
  expect(replyLock(assigned(CAROL), BOB, false, NAMES)?.advice).toContain("Carol");
  expect(replyLock(assigned(CAROL), BOB, true, NAMES)?.advice).toContain("join");
  expect(replyLock(assigned(CAROL, { beside: [{ id: BOB, name: "Bob" }] }), BOB, true, NAMES)).toBeNull();
  for (const state of ["bot", "queued", "offered", "callback", "closed"] as const)
    expect(replyLock(conversation({ state }), BOB, false, NAMES)?.advice).not.toBe("");
});
