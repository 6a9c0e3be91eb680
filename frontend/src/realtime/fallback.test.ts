// Where sockets are blocked: the same client over REST, and the way back.
import { describe, expect, it } from "vitest";
import { Clock } from "./testing/clock";
import { FakeBrowser } from "./testing/fake_browser";
import { FakeDesk, type Weather } from "./testing/fake_desk";
import { visit } from "./testing/visit";

const FAIR: Weather = { dice: () => 0.5, lossOfPushes: 0, doublingOfPushes: 0, delayMs: 20, breakage: 0 };
const news = (desk: FakeDesk): number => desk.asked.filter((path) => path === "customer/news/").length;

function blocked(how: FakeDesk["sockets"]): FakeDesk {
  const desk = new FakeDesk(new Clock(), FAIR);
  desk.block(how);
  return desk;
}

describe("without sockets", () => {
  it("the client polls after three refusals: both sides' messages come within seconds", async () => {
    const desk = blocked("refused");
    const ana = visit(desk);
    ana.client.post("Is anybody there?");
    await desk.clock.runUntil(3_000);
    expect(ana.client.connection.get()).toEqual({ state: "online", isLimited: true });
    expect(ana.texts()).toEqual(["Is anybody there?"]);
    desk.post("agent-0001", "Yes, I am.");
    await desk.clock.runUntil(6_000);
    expect(ana.texts()).toEqual(["Is anybody there?", "Yes, I am."]);
  });

  it("a socket that opens and never speaks is waited for once", async () => {
    const desk = blocked("mute");
    const ana = visit(desk);
    await desk.clock.runUntil(10_500);
    expect(ana.client.connection.get()).toEqual({ state: "online", isLimited: true });
  });

  it("news are asked for less and less while nothing happens, at once when something does, rarely when unseen", async () => {
    const desk = blocked("refused");
    const browser = new FakeBrowser();
    const ana = visit(desk, browser);
    await desk.clock.runUntil(120_000);
    const before = news(desk);
    await desk.clock.run(60_000);
    expect(news(desk) - before).toBeLessThanOrEqual(10);
    ana.client.post("Hello?");
    const quiet = news(desk);
    await desk.clock.run(10_000);
    expect(news(desk) - quiet).toBeGreaterThanOrEqual(4);
    browser.isHidden = true;
    await desk.clock.run(10_000);
    const hidden = news(desk);
    await desk.clock.run(60_000);
    expect(news(desk) - hidden).toBe(4);
  });

  it("the client moves back when a socket opens, and what was under way over REST is still answered", async () => {
    const desk = blocked("refused");
    const ana = visit(desk);
    await desk.clock.runUntil(3_000);
    desk.sockets = "open";
    desk.weather = { ...FAIR, delayMs: 2_000 };
    ana.client.hurry();
    const closed = ana.client.request("conversation.rate", { score: 5 }).catch((why: unknown) => why);
    ana.client.post("on the move");
    await desk.clock.run(10_000);
    expect(ana.client.connection.get()).toEqual({ state: "online", isLimited: false });
    expect(await closed).toHaveProperty("conversation");
    expect(ana.texts()).toEqual(["on the move"]);
    const before = desk.asked.length;
    await desk.clock.run(60_000);
    expect(desk.asked.length).toBe(before);
  });

  it("a desk that is down is polled no more than it is called: both take turns with growing pauses", async () => {
    const desk = blocked("open");
    desk.isUp = false;
    const ana = visit(desk);
    await desk.clock.runUntil(600_000);
    expect(ana.client.connection.get().state).not.toBe("online");
    expect(desk.attempts + desk.asked.length).toBeLessThan(100);
    expect(desk.asked.length).toBeGreaterThan(10);
  });

  it("a session that ends meanwhile is opened anew or given up as on a socket", async () => {
    const desk = blocked("refused");
    const ana = visit(desk);
    await desk.clock.runUntil(3_000);
    desk.isSessionOver = true;
    await desk.clock.run(20_000);
    expect(ana.client.connection.get()).toMatchObject({ state: "refused", code: "unauthenticated" });
  });
});
