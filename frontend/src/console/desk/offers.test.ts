import { describe, expect, it } from "vitest";
import { countdown } from "./countdown";
import { answering, farewell, made, opened, withdrawn } from "./offers";
import { at, BOB, CAROL, conversation, offeredTo } from "./sample";

const ids = (offers: ReturnType<typeof opened>) => offers.map((offer) => offer.conversation.id);

describe("offers on screen", () => {
  it("appear for this agent only, the one that ends first on top", () => {
    const later = offeredTo(BOB, {
      id: "later",
      offer: { agent_id: BOB, offered_at: at(20), expires_at: at(50), why: "" },
    });
    const sooner = offeredTo(BOB, { id: "sooner" });
    expect(ids(opened([later, sooner, offeredTo(CAROL, { id: "hers" })], BOB))).toEqual(["sooner", "later"]);
  });

  it("stand once, however often they are pushed, and keep an answer on its way", () => {
    const offer = offeredTo(BOB);
    const offers = answering(made([], offer, BOB), offer.id, "accept");
    expect(made(offers, offer, BOB)).toHaveLength(1);
    expect(made(offers, offer, BOB)[0]?.answering).toBe("accept");
  });

  it("go when withdrawn, or when a snapshot says so", () => {
    const offer = offeredTo(BOB);
    const offers = made([], offer, BOB);
    expect(withdrawn(offers, { conversation_id: offer.id, agent_id: BOB }, BOB)).toEqual([]);
    expect(withdrawn(offers, { conversation_id: offer.id, agent_id: CAROL }, BOB)).toEqual(offers);
    expect(made(offers, conversation({ id: offer.id, version: 3 }), BOB)).toEqual([]);
    expect(made(offers, offeredTo(CAROL), BOB)).toEqual([]);
  });

  it("say why they went, unless the agent did it", () => {
    expect(farewell("accepted", "Ana")).toBeNull();
    expect(farewell("declined", "Ana")).toBeNull();
    expect(farewell("expired", "Ana")).toContain("next agent");
    expect(farewell("cancelled", "Ana")).toContain("Ana");
  });
});

describe("an offer's countdown", () => {
  it("runs from whole to nothing and never below", () => {
    expect(countdown(0, 30_000, 0)).toEqual({ seconds: 30, fraction: 1, tone: "calm" });
    expect(countdown(0, 30_000, 22_000)).toMatchObject({ seconds: 8, tone: "soon" });
    expect(countdown(0, 30_000, 29_999)).toMatchObject({ seconds: 1, tone: "soon" });
    expect(countdown(0, 30_000, 30_000)).toEqual({ seconds: 0, fraction: 0, tone: "over" });
    expect(countdown(0, 30_000, 99_000)).toEqual({ seconds: 0, fraction: 0, tone: "over" });
  });

  it("is whole at most, should the clocks differ", () => {
    expect(countdown(10_000, 40_000, 0).fraction).toBe(1);
  });
});
