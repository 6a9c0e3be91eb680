// The customer's chat: the realtime client, the token and the conversation at hand. Components read it and call its verbs.
import {
  asRefusal,
  browserKeep,
  Client,
  type Customers,
  customersByRest,
  type Feed,
  type Followed,
  Refusal,
  type RefusalCode,
  Store,
  socketUrl,
} from "../realtime";
import { type ChatState, changed, opened, queueMoved, readChanged, START, typingChanged } from "./state";

const NOTHING: Followed = { timeline: [], status: "loading" };
const TYPING_EVERY_MS = 3_000;
/** A person is asked for in any case. */
const WRITTEN_WITHIN_MS = 3_000;

export class Chat {
  readonly state = new Store<ChatState>(START);
  readonly followed = new Store<Followed>(NOTHING);
  readonly client: Client<Customers>;
  private readonly keep = browserKeep(() => localStorage);
  private feed: Feed | null = null;
  private stopFollowing: () => void = () => undefined;
  private identity: string | null = null;
  private page: string | null = null;
  private typedAt = 0;
  private readSeq = 0;

  constructor(
    private readonly siteKey: string,
    locale: string,
  ) {
    this.client = new Client<Customers>({
      url: socketUrl("/ws/customer/"),
      rest: customersByRest,
      hello: () => ({ site_key: siteKey, token: this.token, identity: this.identity, locale, page: this.page }),
      posting: ({ clientId, text }) => ({ client_id: clientId, text }),
      keep: this.keep,
      prefix: this.key("outbox:"),
      onRefused: (why) => this.refused(why),
    });
    this.listen();
  }

  start(page: string | null, identity: string | null): void {
    this.page = page;
    this.identity = identity;
    this.client.start();
  }

  /** The merchant says who this is: the session is opened again with his signature. */
  identify(identity: string): void {
    if (identity === this.identity) return;
    this.identity = identity;
    this.restart();
  }

  async logout(): Promise<void> {
    this.identity = null;
    await this.attempt(() => this.client.request("session.end", {}));
    this.keep.remove(this.key("token"));
    for (const draft of this.client.outbox.drafts.get()) this.client.outbox.discard(draft.clientId);
    this.forgetConversation();
    this.state.set(START);
    this.restart();
  }

  /** False when too much waits to be sent already. */
  say(text: string): boolean {
    this.typedAt = 0;
    const isTaken = this.client.post(text) !== null;
    this.state.update((state) => ({ ...state, hasProblem: !isTaken }));
    return isTaken;
  }

  /** What was written before goes first: it is what the person reads first. */
  async requestPerson(): Promise<void> {
    this.state.update((state) => ({ ...state, wantsPerson: true }));
    await this.client.written(WRITTEN_WITHIN_MS);
    await this.attempt(async () => {
      const { conversation } = await this.client.request("conversation.request_human", {});
      this.state.update((state) => ({ ...state, wantsPerson: false }));
      this.apply({ conversation });
    });
  }

  async end(): Promise<void> {
    await this.attempt(async () => this.apply(await this.client.request("conversation.close", {})));
  }

  async rate(score: number, comment: string): Promise<void> {
    await this.attempt(async () => this.apply(await this.client.request("conversation.rate", { score, comment })));
  }

  /** Rather a date than this wait. */
  async takeCallback(): Promise<void> {
    await this.attempt(async () => this.apply(await this.client.request("conversation.take_callback", {})));
  }

  /** Where answers go when he is not here; what it was refused for, or null. */
  async answerByMail(email: string): Promise<RefusalCode | null> {
    try {
      this.apply(await this.client.request("conversation.answer_by_mail", { email }));
      return null;
    } catch (thrown) {
      return asRefusal(thrown).code;
    }
  }

  /** Told at most every few seconds while typing, and once when it stops. */
  types(isTyping: boolean): void {
    const now = Date.now();
    if (isTyping && now - this.typedAt < TYPING_EVERY_MS) return;
    if (!isTyping && this.typedAt === 0) return;
    this.typedAt = isTyping ? now : 0;
    this.quietly(this.client.request("typing.set", { typing: isTyping }));
  }

  /** Everything on screen has been seen. */
  seen(seq: number): void {
    const { conversation } = this.state.get();
    if (conversation === null || seq <= Math.max(this.readSeq, conversation.customer_read_seq)) return;
    this.readSeq = seq;
    this.client.request("message.read", { seq }).then(
      () =>
        this.state.update((state) => readChanged(state, { conversation_id: conversation.id, reader: "customer", seq })),
      () => {
        this.readSeq = 0; // told again with the next message or session
      },
    );
  }

  /** What is in the composer survives a reload. */
  get draftText(): string {
    return this.keep.get(this.key("draft")) ?? "";
  }

  set draftText(text: string) {
    if (text === "") this.keep.remove(this.key("draft"));
    else this.keep.set(this.key("draft"), text);
  }

  get isReturning(): boolean {
    return this.token !== null;
  }

  private get token(): string | null {
    return this.keep.get(this.key("token"));
  }

  private listen(): void {
    this.client.on("session", (session) => {
      this.keep.set(this.key("token"), session.token);
      this.readSeq = 0;
      if (session.customer !== this.state.get().customer) this.forgetConversation();
      this.state.update((state) => opened(state, session));
      this.followCurrent();
      if (this.state.get().wantsPerson) void this.requestPerson();
    });
    this.client.on("joined", (page) => this.apply(page));
    this.client.on("conversation.changed", (push) => this.apply(push));
    this.client.on("queue.moved", (push) => this.state.update((state) => queueMoved(state, push)));
    this.client.on("read.changed", (push) => this.state.update((state) => readChanged(state, push)));
    this.client.on("typing.changed", (push) => this.state.update((state) => typingChanged(state, push, Date.now())));
    this.client.on("message.posted", (message) => {
      this.follow(message.conversation_id);
      if (message.author.kind !== "customer") this.state.update((state) => ({ ...state, typing: null }));
    });
    this.client.on("posted", ({ conversation_id }) => this.follow(conversation_id));
  }

  private apply({ conversation }: { conversation: Parameters<typeof changed>[1] }): void {
    this.state.update((state) => changed(state, conversation));
    this.followCurrent();
  }

  private followCurrent(): void {
    const { conversation } = this.state.get();
    if (conversation !== null) this.follow(conversation.id);
  }

  private follow(conversationId: string): void {
    if (this.feed?.conversationId === conversationId) return;
    this.forgetConversation();
    const feed = this.client.follow(conversationId);
    this.feed = feed;
    this.stopFollowing = feed.state.subscribe(() => this.followed.set(feed.state.get()));
    this.followed.set(feed.state.get());
  }

  private forgetConversation(): void {
    if (this.feed === null) return;
    this.stopFollowing();
    this.client.unfollow(this.feed.conversationId);
    this.feed = null;
    this.readSeq = 0;
    this.followed.set(NOTHING);
  }

  /** A dead token or signature is dropped: the customer goes on as a new visitor rather than not at all. */
  private refused(why: Refusal): "again" | "stop" {
    const isTokens = ["bad_token", "token_expired", "unauthenticated"].includes(why.code);
    if (isTokens && this.token !== null) {
      this.keep.remove(this.key("token"));
      return "again";
    }
    const isIdentitys = why.code === "bad_identity" || why.code === "identity_expired";
    if (isIdentitys && this.identity !== null) {
      this.identity = null;
      return "again";
    }
    return "stop";
  }

  private restart(): void {
    this.client.stop();
    this.client.start();
  }

  private async attempt(action: () => Promise<unknown>): Promise<void> {
    this.state.update((state) => ({ ...state, hasProblem: false }));
    try {
      await action();
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      // Without a connection the banner already says so; what was wished for is asked again with the next session.
      if (thrown.code === "disconnected") return;
      this.state.update((state) => ({ ...state, hasProblem: true, wantsPerson: false }));
    }
  }

  /** For what is merely kind to tell, such as typing. */
  private quietly(asked: Promise<unknown>): void {
    asked.catch((thrown: unknown) => {
      if (!(thrown instanceof Refusal)) throw thrown;
    });
  }

  private key(name: string): string {
    return `supportdesk:${this.siteKey}:${name}`;
  }
}
