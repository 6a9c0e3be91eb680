import { describe, expect, it } from "vitest";
import type { ConversationList } from "../../protocol";
import { assigned, at, BOB, conversation, message, offeredTo, session } from "./sample";
import * as desk from "./state";

const start = desk.sessionOpened(desk.EMPTY_DESK, session());
const list = (items: ConversationList["items"], cursor: string | null = null): ConversationList => ({
  items,
  cursor,
  counts: { queue: items.length, mine: 0, callbacks: 0, open: items.length },
});

describe("snapshots", () => {
  it("ignores an older version and takes the same one again", () => {
    const held = desk.conversationChanged(start, conversation({ version: 3 }));
    expect(desk.conversationChanged(held, conversation({ version: 2, preview: "old" }))).toBe(held);
    const again = desk.conversationChanged(held, conversation({ version: 3, preview: "same" }));
    expect(again.conversations.get(conversation().id)?.preview).toBe("same");
  });

  it("never moves read marks or the last message back", () => {
    const posted = desk.messagePosted(
      desk.conversationChanged(start, assigned(BOB, { last_seq: 1, agent_read_seq: 1 })),
      message(2, { text: "And one more" }),
    );
    const changed = desk.conversationChanged(posted, assigned(BOB, { version: 2, last_seq: 1, agent_read_seq: 0 }));
    expect(changed.conversations.get(conversation().id)).toMatchObject({
      version: 2,
      last_seq: 2,
      preview: "And one more",
      agent_read_seq: 1,
    });
  });

  it("asks for the counts again when a conversation comes of which nothing was known", () => {
    expect(desk.conversationChanged(start, conversation({ version: 5 })).countsStale).toBe(true);
    const opened = desk.conversationChanged(start, conversation({ version: 1 }));
    expect(opened).toMatchObject({ countsStale: false, counts: { queue: 1, open: 1 } });
  });
});

describe("pages", () => {
  it("drops what left the view while nobody told us", () => {
    const held = desk.conversationChanged(start, conversation());
    const read = desk.pageRead(held, "queue", held.conversations, list([]));
    expect(read.conversations.size).toBe(0);
  });

  it("keeps what was pushed while the list was on its way", () => {
    const asked = start.conversations;
    const pushed = desk.conversationChanged(start, conversation());
    expect(desk.pageRead(pushed, "queue", asked, list([])).conversations.size).toBe(1);
  });

  it("keeps what stands behind the first page", () => {
    const behind = conversation({ id: "behind", place_at: at(60) });
    const held = desk.conversationChanged(start, behind);
    const read = desk.pageRead(held, "queue", held.conversations, list([conversation({ id: "first" })], "more"));
    expect([...read.conversations.keys()]).toEqual(["behind", "first"]);
    expect(read.pages.queue).toMatchObject({ loaded: true, cursor: "more", edge: { id: "first" } });
  });

  it("tells of an offer whose push was lost", () => {
    const read = desk.pageRead(start, "queue", start.conversations, list([offeredTo(BOB)]));
    expect(read.offers).toHaveLength(1);
  });
});

it("shows a colleague's and a customer's presence", () => {
  const held = desk.conversationChanged(start, conversation());
  const push = {
    kind: "agent",
    id: "8",
    online: true,
    availability: "away",
    availability_reason: "Lunch",
    load: 3,
  } as const;
  const away = desk.presenceChanged(held, push);
  expect(away.session?.colleagues[0]).toMatchObject({ availability: "away", availability_reason: "Lunch", load: 3 });
  const gone = desk.presenceChanged(held, {
    kind: "customer",
    id: "c-1",
    online: false,
    availability: null,
    load: null,
  });
  expect(gone.conversations.get(conversation().id)?.customer.online).toBe(false);
});

it("after a reconnect trusts the session's offers alone", () => {
  const held = desk.conversationChanged(start, offeredTo(BOB));
  expect(held.offers).toHaveLength(1);
  expect(desk.sessionOpened(held, session()).offers).toEqual([]);
});

it("keeps an offer that was pushed before the answer to choosing availability", () => {
  const held = desk.conversationChanged(start, offeredTo(BOB));
  expect(held.offers).toHaveLength(1);
  expect(desk.availabilityChosen(held, session()).offers).toHaveLength(1);
  expect(desk.availabilityChosen(start, session({ offers: [offeredTo(BOB)] })).offers).toHaveLength(1);
});
