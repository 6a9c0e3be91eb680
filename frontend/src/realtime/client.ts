// The realtime client: a link, the feeds of the conversations on screen, and the outbox, tied together.
// Customers and agents use the same one; what they do with other pushes is theirs (`on`).
import type { Message, Posted, PushFrame } from "../protocol";
import type { Connection } from "./connection";
import { Courier } from "./courier";
import { Feed } from "./feed";
import type { Keep } from "./keep";
import { Link } from "./link";
import { type Draft, Outbox } from "./outbox";
import type { CommandType, DataOf, Dialect, PushType, ReplyOf } from "./protocol";
import type { Refusal } from "./refusal";
import type { Rest } from "./rest/speaker";
import type { Readable } from "./store";
import { browser, type World } from "./world";

export interface ClientOptions<D extends Dialect> {
  readonly url: string;
  /** How to go on where sockets are blocked. */
  readonly rest?: Rest;
  readonly hello: () => DataOf<D, "session.open">;
  /** The data of `message.post` for a draft. */
  readonly posting: (draft: Draft) => DataOf<D, "message.post">;
  readonly keep: Keep;
  /** Where this client's drafts are kept, e.g. `supportdesk:SITE_KEY:outbox:`. */
  readonly prefix: string;
  readonly onRefused?: (why: Refusal) => "again" | "stop";
  readonly world?: World;
}

export class Client<D extends Dialect> {
  readonly outbox: Outbox;
  readonly connection: Readable<Connection>;
  private readonly link: Link<D>;
  private readonly courier: Courier;
  private readonly feeds = new Map<string, Feed>();
  private readonly listeners = new Map<string, Set<(data: never) => void>>();
  private readonly world: World;

  constructor(options: ClientOptions<D>) {
    this.world = options.world ?? browser;
    this.outbox = new Outbox(options.keep, options.prefix, this.world.now());
    this.link = new Link<D>(
      {
        url: options.url,
        hello: options.hello,
        onSession: (session) => this.opened(session),
        onPush: (push) => this.pushed(push),
        onPong: ({ last_seq }) => {
          for (const [id, seq] of Object.entries(last_seq)) this.feeds.get(id)?.reaches(seq);
        },
        ...(options.rest === undefined ? {} : { rest: options.rest }),
        ...(options.onRefused === undefined ? {} : { onRefused: options.onRefused }),
      },
      this.world,
    );
    this.connection = this.link.connection;
    this.courier = new Courier(
      this.outbox,
      async (draft) => (await this.link.request("message.post", options.posting(draft))) as Posted,
      (posted) => this.posted(posted),
      this.world,
      options.prefix,
    );
  }

  readonly start = (): void => this.link.start();
  readonly stop = (): void => this.link.stop();
  /** The network may be back. */
  readonly hurry = (): void => this.link.hurry();
  /** The network is gone. */
  readonly lose = (): void => this.link.lose();

  request<K extends CommandType<D>>(type: K, data: DataOf<D, K>): Promise<ReplyOf<D, K>> {
    return this.link.request(type, data);
  }

  /** Written now, sent as soon as can be; null when too much waits already. Without a conversation: to one's own. */
  post(text: string, conversationId: string | null = null): Draft | null {
    const draft = this.outbox.add(text, conversationId, this.world.now());
    this.courier.carry();
    return draft;
  }

  /** When all that was written has been taken or refused; `withinMs` later whatever waits still. */
  written(withinMs: number): Promise<void> {
    const { drafts } = this.outbox;
    const isWaiting = (): boolean => drafts.get().some(({ state }) => state === "pending");
    if (!isWaiting()) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.world.after(withinMs, () => done());
      const stop = drafts.subscribe(() => isWaiting() || done());
      const done = (): void => {
        cancel();
        stop();
        resolve();
      };
    });
  }

  retry(clientId: string): void {
    this.outbox.retry(clientId);
    this.courier.carry();
  }

  /** Follows a conversation from its first message; the same feed until `unfollow`. */
  follow(conversationId: string): Feed {
    const followed = this.feeds.get(conversationId);
    if (followed !== undefined) return followed;
    const feed = new Feed(conversationId, (afterSeq) => this.join(conversationId, afterSeq), this.world);
    feed.state.subscribe(() => this.settle(feed));
    this.feeds.set(conversationId, feed);
    feed.catchUp();
    return feed;
  }

  unfollow(conversationId: string): void {
    this.feeds.delete(conversationId);
  }

  /**
   * Also `joined` (each page of a join), `session` (each time one is opened) and `posted` (a draft was committed);
   * without a socket `polled` (news were asked for) and `session.changed`.
   */
  on<K extends PushType<D>>(type: K, listener: (data: D["pushes"][K]) => void): () => void;
  on(type: "joined", listener: (page: D["joined"]) => void): () => void;
  on(type: "posted", listener: (posted: Posted) => void): () => void;
  on(type: "session" | "session.changed", listener: (session: D["session"]) => void): () => void;
  on(type: "polled", listener: () => void): () => void;
  on(type: string, listener: (data: never) => void): () => void {
    const listening = this.listeners.get(type) ?? new Set();
    this.listeners.set(type, listening.add(listener));
    return () => listening.delete(listener);
  }

  private opened(session: D["session"]): void {
    this.outbox.sync(this.world.now());
    this.emit("session", session);
    for (const feed of this.feeds.values()) feed.catchUp();
    this.courier.carry();
  }

  private pushed(push: PushFrame): void {
    if (push.type === "message.posted") {
      const message = push.data as Message;
      this.feeds.get(message.conversation_id)?.receive(message);
    } else if (push.type === "resync") {
      for (const feed of this.feeds.values()) feed.catchUp();
    }
    this.emit(push.type, push.data);
  }

  private async join(conversationId: string, afterSeq: number): Promise<D["joined"]> {
    const data = { conversation_id: conversationId, after_seq: afterSeq } as DataOf<D, "conversation.join">;
    const page = (await this.link.request("conversation.join", data)) as D["joined"];
    this.emit("joined", page);
    return page;
  }

  /** Our own message comes as a push too; if that is lost (or none can come), do not wait for the heartbeat to tell. */
  private posted(posted: Posted): void {
    this.emit("posted", posted);
    const feed = this.feeds.get(posted.conversation_id);
    const connection = this.connection.get();
    const isPushed = connection.state === "online" && !connection.isLimited;
    if (feed !== undefined) this.world.after(isPushed ? OWN_PUSH_MS : 0, () => feed.reaches(posted.seq));
  }

  private settle(feed: Feed): void {
    const { timeline } = feed.state.get();
    if (this.outbox.drafts.get().length === 0) return;
    this.outbox.settle(new Set(timeline.map((message) => message.client_id)));
  }

  private emit(type: string, data: unknown): void {
    for (const listener of [...(this.listeners.get(type) ?? [])]) listener(data as never);
  }
}

const OWN_PUSH_MS = 1_000;
