// The desk as the console sees it: its state, kept by pushes, and what an agent can do. Framework-free.
import type {
  Availability,
  DeskConversation,
  HandoffScore,
  ListView,
  Note,
  OfferWithdrawn,
  PromiseAtRisk,
  ReachFell,
} from "../../protocol";
import { type Agents, agentsByRest, browserKeep, Client, type DataOf, Store, socketUrl } from "../../realtime";
import { Asking, type Change } from "./asking";
import { farewell } from "./offers";
import { Rooms } from "./rooms";
import { currentRoute, go } from "./route";
import { serverNow } from "./session";
import * as desk from "./state";
import { tell, tellPromise, tellReach, tellRefused, tellWhisper } from "./toasts";
import { TypingSignal } from "./typing";
import { personName, takenOver } from "./words";

/** How often counts are asked for again at most. */
const RECOUNT_MS = 5_000;
/** An offer whose end nobody told us of leaves the screen this long after its time. */
const OVERDUE_MS = 4_000;

/** Whom a conversation is handed to. */
export type Target = { agent_id: number } | { team_id: number } | { skill: string };

export class Desk {
  readonly state = new Store<desk.DeskState>(desk.EMPTY_DESK);
  readonly client: Client<Agents>;
  readonly rooms: Rooms;
  private readonly asking: Asking;
  private readonly typingSignal: TypingSignal;
  private recountTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(agentId: number) {
    this.client = new Client<Agents>({
      url: socketUrl("/ws/agent/"),
      rest: agentsByRest,
      hello: () => ({}),
      posting: (draft) => ({
        conversation_id: draft.conversationId ?? "",
        client_id: draft.clientId,
        text: draft.text,
      }),
      keep: browserKeep(() => window.sessionStorage),
      prefix: `supportdesk:agent:${agentId}:outbox:`,
    });
    this.asking = new Asking(this.client);
    this.rooms = new Rooms(this.client, (id) => this.leave(id));
    this.typingSignal = new TypingSignal((conversation_id, typing) =>
      this.asking.quietly("typing.set", { conversation_id, typing }),
    );
    this.listen();
  }

  readonly start = (): void => this.client.start();

  readonly stop = (): void => {
    clearTimeout(this.recountTimer);
    this.typingSignal.clear();
    this.client.stop();
  };

  // --- Views ---

  async loadView(view: ListView): Promise<boolean> {
    const asked = this.state.get().conversations;
    const answer = await this.asking.page(view, null);
    if (answer !== null) this.state.update((state) => desk.pageRead(state, view, asked, answer));
    return answer !== null;
  }

  async loadMore(view: ListView): Promise<boolean> {
    const answer = await this.asking.page(view, this.state.get().pages[view].cursor);
    if (answer !== null) this.state.update((state) => desk.pageRead(state, view, null, answer));
    return answer !== null;
  }

  /** Without pushes the list on screen is read again; its further pages stay as they are. */
  private async refreshView(view: ListView): Promise<void> {
    const asked = this.state.get().conversations;
    const answer = await this.asking.page(view, null);
    if (answer !== null) this.state.update((state) => desk.pageRefreshed(state, view, asked, answer));
  }

  // --- Offers ---

  async accept(id: string): Promise<void> {
    if (!this.answering(id, "accept")) return;
    const changed = await this.asking.forChange("conversation.accept", { conversation_id: id });
    if (changed === null) return this.state.update((state) => desk.offerAnswering(state, id, null));
    this.state.update((state) => desk.offerGone(state, id));
    this.changed(changed);
    go({ view: "mine", conversation: id });
  }

  async decline(id: string): Promise<void> {
    if (!this.answering(id, "decline")) return;
    const answer = await this.asking.for("conversation.decline", { conversation_id: id });
    this.state.update((state) => (answer === null ? desk.offerAnswering(state, id, null) : desk.offerGone(state, id)));
  }

  /** False when there is nothing to answer (any more). */
  private answering(id: string, answer: "accept" | "decline"): boolean {
    const offer = this.state.get().offers.find((o) => o.conversation.id === id);
    if (offer === undefined || offer.answering !== null || offer.expiresAt <= serverNow()) return false;
    this.state.update((state) => desk.offerAnswering(state, id, answer));
    return true;
  }

  // --- A conversation ---

  /** False when too much waits to be sent already. */
  reply(id: string, text: string): boolean {
    this.typingSignal.clear();
    const isTaken = this.client.post(text, id) !== null;
    if (!isTaken) tellRefused("busy", "");
    return isTaken;
  }

  retry(clientId: string): void {
    this.client.retry(clientId);
  }

  discard(clientId: string): void {
    this.client.outbox.discard(clientId);
  }

  async note(id: string, text: string, whisper = false): Promise<boolean> {
    const noted = await this.asking.forNote(id, text, whisper);
    if (noted !== null) this.rooms.noted(id, [noted]);
    return noted !== null;
  }

  typing(id: string, typing: boolean): void {
    this.typingSignal.set(id, typing);
  }

  read(id: string, seq: number): void {
    this.state.update((state) => desk.readChanged(state, { conversation_id: id, reader: "agent", seq }));
    this.asking.quietly("message.read", { conversation_id: id, seq });
  }

  transfer(id: string, to: Target, note: string): Promise<boolean> {
    return this.change("conversation.transfer", { conversation_id: id, ...to, note }, "Transferred.");
  }

  stepIn(id: string): Promise<boolean> {
    return this.change("conversation.step_in", { conversation_id: id }, "You can write to the customer, too.");
  }

  stepOut(id: string): Promise<boolean> {
    return this.change("conversation.step_out", { conversation_id: id }, "You have left the conversation.");
  }

  takeOver(id: string): Promise<boolean> {
    return this.change("conversation.take_over", { conversation_id: id }, "The conversation is yours.");
  }

  returnToBot(id: string, reason: string): Promise<boolean> {
    return this.change("conversation.return_to_bot", { conversation_id: id, reason }, "The bot answers from now on.");
  }

  release(id: string): Promise<boolean> {
    return this.change("conversation.release", { conversation_id: id }, "Back in the queue, in its old place.");
  }

  takeUp(id: string): Promise<boolean> {
    return this.change("conversation.take_up", { conversation_id: id }, "The conversation is yours.");
  }

  pick(id: string): Promise<boolean> {
    return this.change("conversation.pick", { conversation_id: id }, "The conversation is yours.");
  }

  close(id: string, resolution: string): Promise<boolean> {
    return this.change("conversation.close", { conversation_id: id, resolution }, "Conversation closed.");
  }

  scoreHandoff(id: string, score: HandoffScore): Promise<boolean> {
    return this.change("handoff.score", { conversation_id: id, score }, null);
  }

  // --- The agent ---

  async setAvailability(availability: Availability, reason: string): Promise<void> {
    const session = await this.asking.for("availability.set", { availability, reason });
    if (session !== null) this.state.update((state) => desk.availabilityChosen(state, session));
  }

  private async change<K extends Change>(type: K, data: DataOf<Agents, K>, done: string | null): Promise<boolean> {
    const changed = await this.asking.forChange(type, data);
    if (changed === null) return false;
    this.changed(changed);
    if (done !== null) tell(done);
    return true;
  }

  private leave(id: string): void {
    const held = this.state.get().conversations.get(id);
    const isMine = held?.state === "assigned" && held.agent?.id === this.state.get().session?.me.id;
    if (!isMine) this.asking.quietly("conversation.leave", { conversation_id: id });
  }

  // --- News ---

  private listen(): void {
    const { client, state } = this;
    client.on("session", (session) => {
      state.update((held) => desk.pagesForgotten(desk.sessionOpened(held, session)));
      for (const offer of state.get().offers) this.dropWhenOver(offer.conversation.id);
    });
    client.on("resync", () => {
      state.update(desk.pagesForgotten);
      if (currentRoute().view !== "queue") void this.loadView("queue");
    });
    client.on("session.changed", (session) => {
      state.update((held) => desk.sessionTold(held, session));
      for (const offer of state.get().offers) this.dropWhenOver(offer.conversation.id);
    });
    client.on("polled", () => void this.refreshView(currentRoute().view));
    client.on("joined", ({ conversation }) => this.changed(conversation));
    client.on("conversation.changed", ({ conversation }) => this.changed(conversation));
    client.on("offer.made", ({ conversation }) => this.changed(conversation));
    client.on("offer.withdrawn", (push) => this.withdrawn(push));
    client.on("promise.at_risk", (promise) => this.isAtRisk(promise));
    client.on("reach.fell", (fell) => this.reachFell(fell));
    client.on("note.posted", (note) => this.whispered(note));
    client.on("message.posted", (message) => state.update((held) => desk.messagePosted(held, message)));
    client.on("read.changed", (push) => state.update((held) => desk.readChanged(held, push)));
    client.on("presence.changed", (push) => state.update((held) => desk.presenceChanged(held, push)));
  }

  private changed(conversation: DeskConversation): void {
    const { offers: before, conversations, session } = this.state.get();
    const loss = takenOver(conversations.get(conversation.id), conversation, session?.me.id);
    if (loss !== null) tell(loss);
    this.state.update((state) => desk.conversationChanged(state, conversation));
    const { offers, countsStale } = this.state.get();
    if (offers !== before && offers.length > before.length) this.dropWhenOver(conversation.id);
    if (countsStale) this.recountSoon();
  }

  private isAtRisk({ customer, due, conversation_id }: PromiseAtRisk): void {
    if (this.state.get().session?.me.role === "agent") return;
    tellPromise(conversation_id, personName(customer), due);
  }

  private reachFell(fell: ReachFell): void {
    if (this.state.get().session?.me.role !== "agent") tellReach(fell);
  }

  /** Told once, whatever this agent has open. */
  private whispered(note: Note): void {
    if (!note.whisper || note.author.id === String(this.state.get().session?.me.id)) return;
    tellWhisper(note.id, note.author.name, note.text);
  }

  private withdrawn(push: OfferWithdrawn): void {
    const offer = this.state.get().offers.find((o) => o.conversation.id === push.conversation_id);
    this.state.update((state) => desk.offerWithdrawn(state, push));
    if (offer === undefined || push.agent_id !== this.state.get().session?.me.id) return;
    const words = farewell(push.reason, personName(offer.conversation.customer.name));
    if (words !== null && offer.answering !== "accept") tell(words);
  }

  private dropWhenOver(id: string): void {
    const offer = this.state.get().offers.find((o) => o.conversation.id === id);
    if (offer === undefined) return;
    setTimeout(
      () => {
        const held = this.state.get().offers.find((o) => o.conversation.id === id);
        if (held?.expiresAt === offer.expiresAt) this.state.update((state) => desk.offerGone(state, id));
      },
      Math.max(0, offer.expiresAt - serverNow()) + OVERDUE_MS,
    );
  }

  private recountSoon(): void {
    this.recountTimer ??= setTimeout(() => {
      this.recountTimer = undefined;
      void this.asking.page(currentRoute().view, null).then((answer) => {
        if (answer !== null) this.state.update((state) => desk.countsRead(state, answer));
      });
    }, RECOUNT_MS);
  }
}
