import { expect, it } from "vitest";
import { timelineEntries } from "./entries";
import { withNotes } from "./room";
import { message, note } from "./sample";

it("puts notes behind the message they stand after, and days between", () => {
  const messages = [message(1), message(2), message(3, { posted_at: "2026-05-06T09:00:00Z" })];
  const entries = timelineEntries({ messages, notes: [note(5, 2)], pending: [] });
  expect(entries.map((entry) => entry.kind)).toEqual(["day", "message", "message", "note", "day", "message"]);
});

it("groups what one author says in a row", () => {
  const bot = { kind: "bot", id: null, name: "Bot" } as const;
  const entries = timelineEntries({
    messages: [message(1), message(2), message(3, { author: bot })],
    notes: [],
    pending: [],
  });
  const groups = entries.flatMap((e) => (e.kind === "message" ? [[e.isFirst, e.isLast]] : []));
  expect(groups).toEqual([
    [true, false],
    [false, true],
    [true, true],
  ]);
});

it("shows what is on its way last", () => {
  const pending = [{ clientId: "mine-0001", text: "Hi", state: "pending", problem: null }] as const;
  expect(timelineEntries({ messages: [message(1)], notes: [], pending }).at(-1)?.key).toBe("mine-0001");
});

it("holds a note once, though it comes as an answer and as a push", () => {
  expect(withNotes([note(1, 2)], [note(1, 2), note(2, 1)]).map(({ id }) => id)).toEqual([2, 1]);
});

it("knows what nothing was decided about: what a customer writes while people have the conversation", () => {
  const desk = { kind: "system", id: null, name: "" } as const;
  const notice = (seq: number, code: string) => message(seq, { author: desk, notice: code });
  const entries = timelineEntries({
    messages: [message(1), notice(2, "handoff_requested"), message(3), notice(4, "agent_joined"), message(5)].concat([
      notice(6, "returned_to_bot"),
      message(7),
    ]),
    notes: [],
    pending: [],
  });
  const routed = entries.flatMap((e) => (e.kind === "message" && e.isRouted ? [e.message.seq] : []));
  expect(routed).toEqual([1, 7]);
});
