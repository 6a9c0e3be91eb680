// Ana at a page of hers, and what must never be seen there.
import { Client } from "../client";
import type { Draft } from "../outbox";
import type { Customers } from "../protocol";
import { customersByRest } from "../rest/customers";
import type { World } from "../world";
import { CHAT } from "./cast";
import { FakeBrowser } from "./fake_browser";
import type { FakeDesk } from "./fake_desk";

export interface Visit {
  readonly client: Client<Customers>;
  readonly feed: ReturnType<Client<Customers>["follow"]>;
  readonly texts: () => readonly string[];
  /** What went wrong before her eyes: a message gone or moved, an acknowledged one waiting again. */
  readonly complaints: string[];
}

export function visit(
  desk: FakeDesk,
  browser = new FakeBrowser(),
  given: { world?: Partial<World>; posting?: (draft: Draft) => { client_id: string; text: string } } = {},
): Visit {
  const client = new Client<Customers>({
    url: "ws://desk.example/ws/customer/",
    rest: customersByRest,
    hello: () => ({ site_key: "shop" }),
    posting: given.posting ?? (({ clientId, text }) => ({ client_id: clientId, text })),
    keep: browser.keep,
    prefix: "outbox:",
    world: { ...desk.world(browser), ...given.world },
  });
  const feed = client.follow(CHAT);
  const complaints: string[] = [];
  watch(client, feed, complaints);
  client.start();
  return { client, feed, texts: () => feed.state.get().timeline.map((m) => m.text), complaints };
}

function watch(client: Visit["client"], feed: Visit["feed"], complaints: string[]): void {
  let shown: readonly string[] = [];
  feed.state.subscribe(() => {
    const now = feed.state.get().timeline.map((m) => m.client_id);
    if (shown.some((id, at) => now[at] !== id)) complaints.push(`${shown} became ${now}`);
    shown = now;
  });
  const acknowledged = new Set<string>();
  client.outbox.drafts.subscribe(() => {
    for (const { clientId, state } of client.outbox.drafts.get()) {
      if (state === "sent") acknowledged.add(clientId);
      else if (acknowledged.has(clientId)) complaints.push(`${clientId} was acknowledged and is ${state}`);
    }
  });
}
