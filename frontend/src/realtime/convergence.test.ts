// The client's promises through everything that may happen between it and the desk, told by chance; and proof that
// each of them would be missed: the same stories find every planted fault.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newClientId } from "./client_id";
import { Clock, diceOf } from "./testing/clock";
import { FakeBrowser } from "./testing/fake_browser";
import { FakeDesk } from "./testing/fake_desk";
import { type Visit, visit } from "./testing/visit";

const HAPPENINGS = [
  ["ana says", 8],
  ["agent says", 4],
  ["desk restarts", 2],
  ["page reloads", 2],
  ["another page opens", 1],
  ["another page closes", 1],
  ["desk is busy", 1],
  ["desk goes away", 1],
  ["line falls silent", 1],
  ["pushes may be lost", 1],
  ["network is lost", 1],
  ["network is back", 2],
  ["sockets are refused", 1],
  ["sockets never speak", 1],
  ["sockets are cut", 1],
  ["sockets return", 2],
  ["rest is blocked", 1],
  ["rest returns", 2],
  ["page is hidden", 1],
  ["page is seen", 1],
] as const;
type Happening = (typeof HAPPENINGS)[number][0];

const happening = fc.oneof(...HAPPENINGS.map(([what, weight]) => ({ weight, arbitrary: fc.constant(what) })));
const story = fc.record({
  steps: fc.array(fc.record({ what: happening, wait: fc.integer({ min: 0, max: 3_000 }) }), {
    maxLength: 40,
    size: "max",
  }),
  seed: fc.integer(),
  badness: fc.integer({ min: 0, max: 30 }),
  end: fc.constantFrom("open", "refused", "mute", "cut" as const),
});
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

interface Planted {
  /** Each time a message is sent it gets a new id. */
  readonly newIds?: true;
  /** The desk does not know what it has stored. */
  readonly forgetfulDesk?: true;
  /** A reload forgets what was not sent. */
  readonly forgetfulPage?: true;
  /** Gaps, pongs and new sessions are not followed by a join. */
  readonly noCatchUp?: true;
  /** A message that was shown is taken for unsent. */
  readonly unacknowledges?: true;
  /** Pauses are hardly waited for. */
  readonly impatient?: true;
}

class Ana {
  browser = new FakeBrowser();
  pages: Visit[] = [];
  readonly said: string[] = [];
  readonly complaints: string[] = [];

  constructor(
    readonly desk: FakeDesk,
    private readonly planted: Planted,
  ) {
    this.opens();
  }

  get page(): Visit {
    const [first] = this.pages;
    if (first === undefined) throw new Error("Ana has left.");
    return first;
  }

  opens(): void {
    const { newIds, noCatchUp, unacknowledges, impatient } = this.planted;
    const { after } = this.desk.clock;
    const page = visit(this.desk, this.browser, {
      ...(newIds ? { posting: ({ text }) => ({ client_id: newClientId(), text }) } : {}),
      ...(impatient ? { world: { after: (ms, then) => after(ms / 50, then) } } : {}),
    });
    const { feed } = page;
    const { outbox } = page.client;
    if (noCatchUp) feed.catchUp = () => undefined;
    if (unacknowledges) {
      const { drafts } = outbox;
      outbox.settle = () => drafts.update((all) => all.map((d) => ({ ...d, state: "pending" })));
    }
    this.pages.push(page);
  }

  closes(at: number): void {
    const [page] = this.pages.splice(at, 1);
    page?.client.stop();
    this.complaints.push(...(page?.complaints ?? []));
  }

  reloads(): void {
    this.closes(0);
    if (this.planted.forgetfulPage) this.browser = new FakeBrowser();
    this.opens();
    this.pages.unshift(...this.pages.splice(-1));
  }

  says(text: string): void {
    this.said.push(text);
    this.page.client.post(text);
  }
}

function happens(what: Happening, at: number, ana: Ana): void {
  const { desk } = ana;
  const { client } = ana.page;
  const consequences: Record<Happening, () => unknown> = {
    "ana says": () => ana.says(`ana ${at}`),
    "agent says": () => desk.post(`agent-${at}-xx`, `agent ${at}`),
    "desk restarts": () => desk.restart(desk.weather.dice() * 4_000),
    "page reloads": () => ana.reloads(),
    "another page opens": () => ana.pages.length < 3 && ana.opens(),
    "another page closes": () => ana.pages.length > 1 && ana.closes(1),
    "desk is busy": () => desk.throttle(3),
    "desk goes away": () => desk.goAway(2_000),
    "line falls silent": () => desk.stall(),
    "pushes may be lost": () => desk.tellAll("resync"),
    "network is lost": () => client.lose(),
    "network is back": () => client.hurry(),
    "sockets are refused": () => desk.block("refused"),
    "sockets never speak": () => desk.block("mute"),
    "sockets are cut": () => desk.block("cut"),
    "sockets return": () => desk.block("open"),
    "rest is blocked": () => {
      desk.isRestBlocked = true;
    },
    "rest returns": () => {
      desk.isRestBlocked = false;
    },
    "page is hidden": () => {
      ana.browser.isHidden = true;
    },
    "page is seen": () => {
      ana.browser.isHidden = false;
    },
  };
  consequences[what]();
}

const SETTLING_MS = 300_000;

async function tell({ steps, seed, badness, end }: Story, planted: Planted = {}): Promise<void> {
  const clock = new Clock();
  const storm = { lossOfPushes: badness / 60, doublingOfPushes: badness / 60, breakage: badness / 400 };
  const desk = new FakeDesk(clock, { dice: diceOf(seed), delayMs: 400, ...storm });
  desk.isForgetful = planted.forgetfulDesk ?? false;
  const ana = new Ana(desk, planted);
  for (const [at, { what, wait }] of steps.entries()) {
    happens(what, at, ana);
    await clock.run(wait);
  }
  desk.weather = { ...desk.weather, lossOfPushes: 0, doublingOfPushes: 0, breakage: 0 };
  desk.isRestBlocked = false;
  desk.block(end);
  await clock.run(SETTLING_MS);

  const stored = desk.messages.map((m) => m.text);
  expect(stored.filter((text) => text.startsWith("ana"))).toEqual(ana.said); // each once, in the order of writing
  for (const { client, texts, complaints } of ana.pages) {
    expect(texts()).toEqual(stored);
    expect(client.outbox.drafts.get()).toEqual([]);
    if (end !== "cut") expect(client.connection.get()).toEqual({ state: "online", isLimited: end !== "open" });
    ana.complaints.push(...complaints);
  }
  expect(ana.complaints).toEqual([]);
  expect(ana.browser.keep.keys()).toEqual([]);
  isPatient(desk);
}

/** No busy loop: attempts and requests are bounded by the time that passed and the pages there were. */
function isPatient(desk: FakeDesk): void {
  const seconds = desk.clock.now / 1_000;
  expect(desk.attempts).toBeLessThan(30 + seconds / 5);
  expect(desk.frames.length + desk.asked.length).toBeLessThan(200 + seconds);
}

describe("whatever happens between client and desk", () => {
  it("every message is stored once and shown once, in order, without storming the desk", async () => {
    await fc.assert(
      fc.asyncProperty(story, (told) => tell(told)),
      { numRuns: 150 },
    );
  }, 120_000);

  const faults: (keyof Planted)[] = [
    "newIds",
    "forgetfulDesk",
    "forgetfulPage",
    "noCatchUp",
    "unacknowledges",
    "impatient",
  ];
  it.each(faults)(
    "the same stories find a planted fault: %s",
    async (fault) => {
      const found = await fc.check(
        fc.asyncProperty(story, (told) => tell(told, { [fault]: true })),
        { numRuns: 150, endOnFailure: true },
      );
      expect(found.failed).toBe(true);
    },
    120_000,
  );
});
