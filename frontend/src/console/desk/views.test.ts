import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConversationState } from "../../protocol";
import { assigned, at, BOB, CAROL, conversation } from "./sample";
import { belongs, compare, inView, isUnread, NO_COUNTS, neighbour, recount, VIEWS } from "./views";

const viewsOf = (c: Parameters<typeof belongs>[1]) => VIEWS.filter((view) => belongs(view, c, BOB));

describe("which views a conversation stands in", () => {
  it("follows its state and its agent", () => {
    expect(viewsOf(conversation({ state: "bot" }))).toEqual(["open"]);
    expect(viewsOf(conversation({ state: "queued" }))).toEqual(["queue", "open"]);
    expect(viewsOf(conversation({ state: "offered" }))).toEqual(["queue", "open"]);
    expect(viewsOf(assigned(BOB))).toEqual(["mine", "open"]);
    expect(viewsOf(assigned(CAROL))).toEqual(["open"]);
    expect(viewsOf(conversation({ state: "callback" }))).toEqual(["callbacks", "open"]);
    expect(viewsOf(assigned(BOB, { state: "closed" }))).toEqual(["closed"]);
  });
});

describe("the order of a view", () => {
  it("keeps the queue in the order of its places", () => {
    const late = conversation({ id: "late", place_at: at(50) });
    const early = conversation({ id: "early", place_at: at(5) });
    const urgent = conversation({ id: "urgent", place_at: at(2) });
    expect(inView("queue", [late, urgent, early], BOB, null).map((c) => c.id)).toEqual(["urgent", "early", "late"]);
  });

  it("puts the latest message first elsewhere", () => {
    const old = assigned(BOB, { id: "old", last_message_at: at(1) });
    const fresh = assigned(BOB, { id: "fresh", last_message_at: at(2) });
    expect(inView("mine", [old, fresh], BOB, null).map((c) => c.id)).toEqual(["fresh", "old"]);
  });

  it("leaves out what stands behind the pages read so far", () => {
    const shown = assigned(BOB, { id: "shown", last_message_at: at(9) });
    const edge = assigned(BOB, { id: "edge", last_message_at: at(5) });
    const behind = assigned(BOB, { id: "behind", last_message_at: at(1) });
    expect(inView("mine", [behind, edge, shown], BOB, edge).map((c) => c.id)).toEqual(["shown", "edge"]);
  });

  it("is total: the same whatever order the conversations come in", () => {
    const some = fc.record({
      id: fc.uuid(),
      place_at: fc.option(fc.integer({ min: 0, max: 3 }).map(at), { nil: null }),
      last_message_at: fc.integer({ min: 0, max: 3 }).map(at),
    });
    const many = fc.uniqueArray(some, { selector: (c) => c.id });
    fc.assert(
      fc.property(fc.constantFrom(...VIEWS), many, (view, conversations) => {
        const sorted = [...conversations].sort((a, b) => compare(view, a, b));
        const again = [...conversations].reverse().sort((a, b) => compare(view, a, b));
        expect(again).toEqual(sorted);
      }),
    );
  });
});

describe("counts", () => {
  it("after any changes are what counting anew says", () => {
    const states: ConversationState[] = ["bot", "queued", "offered", "assigned", "callback", "closed"];
    const step = fc.record({
      id: fc.integer({ min: 0, max: 3 }),
      state: fc.constantFrom(...states),
      mine: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const held = new Map<number, ReturnType<typeof conversation>>();
        let counts = NO_COUNTS;
        for (const { id, state, mine } of steps) {
          const after = assigned(mine ? BOB : CAROL, { state });
          counts = recount(counts, held.get(id) ?? null, after, BOB);
          held.set(id, after);
        }
        const fresh = VIEWS.map((view) => [...held.values()].filter((c) => belongs(view, c, BOB)).length);
        expect(VIEWS.map((view) => counts[view])).toEqual(fresh);
      }),
    );
  });
});

it("is unread while the customer's last message was not seen by the assignee", () => {
  expect(isUnread(assigned(BOB, { last_seq: 3, agent_read_seq: 2 }))).toBe(true);
  expect(isUnread(assigned(BOB, { last_seq: 3, agent_read_seq: 3 }))).toBe(false);
  expect(isUnread(assigned(BOB, { last_seq: 3, agent_read_seq: 2, last_author: "agent" }))).toBe(false);
  expect(isUnread(conversation({ last_seq: 3 }))).toBe(false);
});

it("walks the list and stops at its ends", () => {
  expect(neighbour(["a", "b"], null, 1)).toBe("a");
  expect(neighbour(["a", "b"], "a", 1)).toBe("b");
  expect(neighbour(["a", "b"], "b", 1)).toBe("b");
  expect(neighbour(["a", "b"], "gone", -1)).toBe("b");
  expect(neighbour([], "gone", 1)).toBeNull();
});
