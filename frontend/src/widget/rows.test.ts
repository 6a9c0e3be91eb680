import { describe, expect, it } from "vitest";
import { message } from "../realtime/testing/cast";
import { lastSeen, rowsOf, unreadOf } from "./rows";

const draft = (clientId: string, text: string) => ({
  clientId,
  conversationId: null,
  text,
  writtenAt: Date.parse("2023-11-14T22:13:30Z"),
  state: "pending" as const,
  seq: null,
  problem: null,
});

describe("the rows of a timeline", () => {
  it("shows a message once, whether it is still a draft or has come back", () => {
    const rows = rowsOf([message(1, "Hello", "client-1")], [draft("client-1", "Hello"), draft("client-2", "Anyone?")]);
    const texts = rows.flatMap((row) => (row.kind === "message" ? [[row.text, row.state]] : []));
    expect(texts).toEqual([
      ["Hello", "sent"],
      ["Anyone?", "pending"],
    ]);
  });

  it("puts a day before the first message of each day", () => {
    const nextDay = { ...message(2), posted_at: "2023-11-16T12:00:00Z" };
    expect(rowsOf([message(1), nextDay], []).map((row) => row.kind)).toEqual(["day", "message", "day", "message"]);
  });

  it("groups what one author says in a row", () => {
    const rows = rowsOf([message(1), message(2)], []).filter((row) => row.kind === "message");
    expect(rows.map((row) => [row.isFirst, row.isLast])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it("knows the last message the agent has seen, and counts what the customer has not", () => {
    const bobs = { ...message(3), author: { kind: "agent" as const, id: "7", name: "Bob" } };
    expect(lastSeen([message(1), message(2), bobs], 3)).toBe(2);
    expect(lastSeen([message(1), message(2), bobs], 0)).toBeNull();
    expect(unreadOf([message(1), message(2), bobs], 0)).toBe(1);
  });
});
