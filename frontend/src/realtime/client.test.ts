import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CHAT } from "./cast";
import { Client } from "./client";
import { Clock, FakeDesk, type Weather } from "./fake_desk";
import { type Keep, memoryKeep } from "./keep";
import type { Customers } from "./protocol";

const FAIR: Weather = { dice: () => 0.5, lossOfPushes: 0, doublingOfPushes: 0, delayMs: 20, breakage: 0 };

function dice(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function visit(desk: FakeDesk, keep: Keep) {
  const client = new Client<Customers>({
    url: "ws://desk.example/ws/customer/",
    hello: () => ({ site_key: "shop" }),
    posting: ({ clientId, text }) => ({ client_id: clientId, text }),
    keep,
    prefix: "outbox:",
    world: desk.world(),
  });
  const feed = client.follow(CHAT);
  client.start();
  const texts = (): readonly string[] => feed.state.get().timeline.map((m) => m.text);
  return { client, feed, texts };
}

describe("the realtime client", () => {
  it("holds every message once and in order through loss, doubling, overtaking, broken lines and reloads", async () => {
    const action = fc.oneof(
      { weight: 6, arbitrary: fc.constant("say" as const) },
      { weight: 3, arbitrary: fc.constant("agent says" as const) },
      { weight: 1, arbitrary: fc.constant("server restarts" as const) },
      { weight: 1, arbitrary: fc.constant("page reloads" as const) },
      { weight: 1, arbitrary: fc.constant("throttle" as const) },
    );
    const story = fc.array(fc.record({ action, wait: fc.integer({ min: 0, max: 1_500 }) }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(story, fc.integer(), fc.integer({ min: 0, max: 30 }), async (steps, seed, badness) => {
        const clock = new Clock();
        const storm = { lossOfPushes: badness / 60, doublingOfPushes: badness / 60, breakage: badness / 400 };
        const desk = new FakeDesk(clock, { dice: dice(seed), delayMs: 400, ...storm });
        const keep = memoryKeep();
        let ana = visit(desk, keep);
        const said: string[] = [];
        for (const [i, { action: what, wait }] of steps.entries()) {
          if (what === "say") {
            said.push(`ana ${i}`);
            ana.client.post(`ana ${i}`);
          } else if (what === "agent says") desk.post(`agent-${i}-xx`, `agent ${i}`);
          else if (what === "server restarts") desk.restart();
          else if (what === "throttle") desk.throttle(3);
          else {
            ana.client.stop();
            ana = visit(desk, keep);
          }
          await clock.runUntil(clock.now + wait);
        }
        desk.weather = { ...desk.weather, lossOfPushes: 0, doublingOfPushes: 0, breakage: 0 };
        await clock.runUntil(clock.now + 120_000);
        const stored = desk.messages.map((m) => m.text);
        expect(stored.filter((text) => text.startsWith("ana"))).toEqual(said);
        expect(ana.texts()).toEqual(stored);
        expect(ana.client.outbox.drafts.get()).toEqual([]);
        expect(keep.keys()).toEqual([]);
        ana.client.stop();
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it("finds out from a pong that the last push was lost", async () => {
    const desk = new FakeDesk(new Clock(), FAIR);
    const ana = visit(desk, memoryKeep());
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
    const ana = visit(desk, memoryKeep());
    await desk.clock.runUntil(1_000);
    expect(ana.client.connection.get().state).toBe("online");
    desk.isDeaf = true;
    await desk.clock.runUntil(46_500);
    expect(ana.client.connection.get().state).not.toBe("online");
    desk.isDeaf = false;
    await desk.clock.runUntil(90_000);
    expect(ana.client.connection.get().state).toBe("online");
  });

  it("connects at once when the network is back, not after the pause", async () => {
    const desk = new FakeDesk(new Clock(), { ...FAIR, dice: () => 1 });
    desk.isUp = false;
    const ana = visit(desk, memoryKeep());
    await desk.clock.runUntil(60_000);
    expect(ana.client.connection.get().state).toBe("offline");
    desk.isUp = true;
    ana.client.hurry();
    await desk.clock.runUntil(60_100);
    expect(ana.client.connection.get().state).toBe("online");
  });

  it("keeps what is written while the network is gone and sends it once it is back", async () => {
    const desk = new FakeDesk(new Clock(), FAIR);
    const ana = visit(desk, memoryKeep());
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
    const ana = visit(desk, memoryKeep());
    const refused = ana.client.post("refuse me");
    ana.client.post("but take this");
    await desk.clock.runUntil(5_000);
    expect(ana.texts()).toEqual(["but take this"]);
    expect(ana.client.outbox.drafts.get()).toMatchObject([{ state: "failed", problem: "bad_text" }]);
    ana.client.outbox.discard(refused.clientId);
    expect(ana.client.outbox.drafts.get()).toEqual([]);
  });

  it("waits as told when throttled and then sends the same message", async () => {
    const desk = new FakeDesk(new Clock(), FAIR);
    const ana = visit(desk, memoryKeep());
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
    const keep = memoryKeep();
    visit(desk, keep).client.post("from yesterday");
    await desk.clock.runUntil(86_400_000);
    desk.isUp = true;
    const ana = visit(desk, keep);
    await desk.clock.runUntil(desk.clock.now + 5_000);
    expect(ana.client.outbox.drafts.get()).toMatchObject([{ state: "failed", problem: "stale" }]);
    expect(desk.messages).toEqual([]);
  });
});
