import { describe, expect, it } from "vitest";
import { STALE_MS } from "./outbox";
import { Clock } from "./testing/clock";
import { FakeBrowser } from "./testing/fake_browser";
import { FakeDesk, type Weather } from "./testing/fake_desk";
import { visit } from "./testing/visit";

const FAIR: Weather = { dice: () => 0.5, lossOfPushes: 0, doublingOfPushes: 0, delayMs: 20, breakage: 0 };

describe("the realtime client", () => {
  it("finds out from a pong that the last push was lost", async () => {
    const desk = new FakeDesk(new Clock(), FAIR);
    const ana = visit(desk);
    await desk.clock.runUntil(1_000);
    desk.weather = { ...FAIR, lossOfPushes: 1 };
    desk.post("agent-0001", "Hello");
    await desk.clock.runUntil(5_000);
    expect(ana.texts()).toEqual([]);
    await desk.clock.runUntil(20_000);
    expect(ana.texts()).toEqual(["Hello"]);
  });

  it("leaves a line that has fallen silent and connects again", async () => {
    const desk = new FakeDesk(new Clock(), FAIR);
    const ana = visit(desk);
    await desk.clock.runUntil(1_000);
    expect(ana.client.connection.get().state).toBe("online");
    desk.stall();
    await desk.clock.runUntil(25_200);
    expect(ana.client.connection.get().state).not.toBe("online");
    await desk.clock.runUntil(40_000);
    expect(ana.client.connection.get()).toEqual({ state: "online", isLimited: false });
  });

  it("connects at once when the network is back, not after the pause", async () => {
    const desk = new FakeDesk(new Clock(), { ...FAIR, dice: () => 1 });
    desk.isUp = false;
    const ana = visit(desk);
    await desk.clock.runUntil(60_000);
    expect(ana.client.connection.get().state).toBe("offline");
    desk.isUp = true;
    ana.client.hurry();
    await desk.clock.runUntil(60_100);
    expect(ana.client.connection.get().state).toBe("online");
  });

  it("keeps what is written while the network is gone and sends it once it is back", async () => {
    const desk = new FakeDesk(new Clock(), FAIR);
    const ana = visit(desk);
    await desk.clock.runUntil(1_000);
    desk.isUp = false;
    ana.client.lose();
    ana.client.post("from a tunnel");
    await desk.clock.runUntil(30_000);
    expect(ana.client.outbox.drafts.get()).toMatchObject([{ state: "pending" }]);
    desk.isUp = true;
    ana.client.hurry();
    await desk.clock.runUntil(31_000);
    expect(ana.texts()).toEqual(["from a tunnel"]);
  });

  it("shows a refused message as failed, sends the next one, and lets the writer delete it", async () => {
    const desk = new FakeDesk(new Clock(), FAIR);
    const ana = visit(desk);
    const refused = ana.client.post("refuse me");
    ana.client.post("but take this");
    await desk.clock.runUntil(5_000);
    expect(ana.texts()).toEqual(["but take this"]);
    expect(ana.client.outbox.drafts.get()).toMatchObject([{ state: "failed", problem: "bad_text" }]);
    ana.client.outbox.discard(refused?.clientId ?? "");
    expect(ana.client.outbox.drafts.get()).toEqual([]);
  });

  it("waits as told when throttled and then sends the same message", async () => {
    const desk = new FakeDesk(new Clock(), FAIR);
    const ana = visit(desk);
    await desk.clock.runUntil(1_000);
    desk.throttle(2);
    ana.client.post("patiently");
    await desk.clock.runUntil(5_000);
    expect(desk.frames.filter((type) => type === "message.post")).toHaveLength(3);
    expect(ana.texts()).toEqual(["patiently"]);
  });

  it("does not send by itself what was written long ago", async () => {
    const desk = new FakeDesk(new Clock(), FAIR);
    desk.isUp = false;
    const browser = new FakeBrowser();
    const before = visit(desk, browser);
    before.client.post("from yesterday");
    before.client.stop();
    await desk.clock.runUntil(STALE_MS + 10_000);
    desk.isUp = true;
    const ana = visit(desk, browser);
    await desk.clock.runUntil(desk.clock.now + 5_000);
    expect(ana.client.outbox.drafts.get()).toMatchObject([{ state: "failed", problem: "stale" }]);
    expect(desk.messages).toEqual([]);
  });

  it("sends each message from one page only, though all pages of the browser hold it", async () => {
    const desk = new FakeDesk(new Clock(), FAIR);
    const browser = new FakeBrowser();
    desk.isUp = false;
    const writing = visit(desk, browser);
    for (const text of ["one", "two", "three"]) writing.client.post(text);
    const looking = visit(desk, browser);
    expect(looking.client.outbox.drafts.get()).toHaveLength(3);
    desk.isUp = true;
    await desk.clock.runUntil(30_000);
    expect(desk.frames.filter((type) => type === "message.post")).toHaveLength(3);
    for (const page of [writing, looking]) {
      expect(page.texts()).toEqual(["one", "two", "three"]);
      expect(page.client.outbox.drafts.get()).toEqual([]);
    }
  });

  it("sends what a page left unsent that was closed before it could", async () => {
    const desk = new FakeDesk(new Clock(), FAIR);
    const browser = new FakeBrowser();
    const staying = visit(desk, browser);
    await desk.clock.runUntil(1_000);
    desk.restart(5_000);
    const closing = visit(desk, browser);
    closing.client.post("almost lost");
    closing.client.stop();
    await desk.clock.runUntil(30_000);
    expect(staying.texts()).toEqual(["almost lost"]);
  });

  it("leaves a desk alone that goes away for as long as it asks, however much the page hurries", async () => {
    const desk = new FakeDesk(new Clock(), FAIR);
    const ana = visit(desk);
    await desk.clock.runUntil(1_000);
    desk.goAway(20_000);
    await desk.clock.runUntil(5_000);
    ana.client.hurry();
    await desk.clock.runUntil(20_000);
    expect(desk.attempts).toBe(1);
    await desk.clock.runUntil(23_000);
    expect(ana.client.connection.get().state).toBe("online");
  });

  it("asks a line that may have died in its sleep, and leaves it within seconds", async () => {
    const desk = new FakeDesk(new Clock(), FAIR);
    const ana = visit(desk);
    await desk.clock.runUntil(1_000);
    desk.stall();
    desk.clock.now += 3_600_000; // the computer slept; the page is seen again
    ana.client.hurry();
    await desk.clock.run(6_000);
    expect(desk.attempts).toBe(2);
    expect(ana.client.connection.get().state).toBe("online");
  });

  it("tells when all that was written is there, and does not wait for ever", async () => {
    const desk = new FakeDesk(new Clock(), FAIR);
    const ana = visit(desk);
    await desk.clock.runUntil(1_000);
    const seen: string[] = [];
    ana.client.post("Where is my order?");
    void ana.client.written(3_000).then(() => seen.push(desk.messages.map(({ text }) => text).join()));
    await desk.clock.runUntil(2_000);
    expect(seen).toEqual(["Where is my order?"]);
    desk.isUp = false;
    ana.client.lose();
    ana.client.post("from a tunnel");
    void ana.client.written(3_000).then(() => seen.push("enough"));
    await desk.clock.runUntil(4_900);
    expect(seen).toHaveLength(1);
    await desk.clock.runUntil(5_100);
    expect(seen).toEqual(["Where is my order?", "enough"]);
  });

  it("takes no more than a hundred messages that cannot be sent", () => {
    const desk = new FakeDesk(new Clock(), FAIR);
    const ana = visit(desk);
    for (let n = 0; n < 100; n++) expect(ana.client.post(`message ${n}`)).not.toBeNull();
    expect(ana.client.post("one too many")).toBeNull();
  });
});
