// Asking the desk to do something: waits when told to, and says in words what was refused.
import type { AgentCommands, ConversationList, DeskConversation, ListView, Note } from "../../protocol";
import { type Agents, type Client, type DataOf, newClientId, Refusal, type ReplyOf } from "../../realtime";
import { tellRefused } from "./toasts";

type Type = keyof AgentCommands;
type Data<K extends Type> = DataOf<Agents, K>;
type Reply<K extends Type> = ReplyOf<Agents, K>;

/** The commands that answer with the changed conversation. */
export type Change = {
  [K in Type]: AgentCommands[K]["reply"] extends { conversation: DeskConversation; messages?: never } ? K : never;
}[Type];

const TRIES = 3;

export class Asking {
  /** A note that may have arrived is sent again under the same id. */
  private readonly unsure = new Map<string, { text: string; clientId: string }>();

  constructor(private readonly client: Client<Agents>) {}

  /** The reply, or null after the agent was told why there is none. */
  async for<K extends Type>(type: K, data: Data<K>): Promise<Reply<K> | null> {
    try {
      return await this.patiently(type, data);
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      tellRefused(thrown.code, thrown.message);
      return null;
    }
  }

  async forChange<K extends Change>(type: K, data: Data<K>): Promise<DeskConversation | null> {
    const reply = (await this.for(type, data)) as { conversation: DeskConversation } | null;
    return reply?.conversation ?? null;
  }

  async forNote(conversation: string, text: string, whisper: boolean): Promise<Note | null> {
    const before = this.unsure.get(conversation);
    const clientId = before?.text === text ? before.clientId : newClientId();
    this.unsure.set(conversation, { text, clientId });
    const asked = { conversation_id: conversation, client_id: clientId, text, whisper };
    const reply = await this.for("conversation.note", asked);
    if (reply !== null) this.unsure.delete(conversation);
    return reply?.note ?? null;
  }

  /** A page of a view; null when it could not be read (the list itself says so). */
  async page(view: ListView, cursor: string | null): Promise<ConversationList | null> {
    try {
      return await this.patiently("conversation.list", { view, cursor });
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      return null;
    }
  }

  /** For what is renewed anyway (typing, read marks): a refusal changes nothing that matters. */
  quietly<K extends Type>(type: K, data: Data<K>): void {
    this.client.request(type, data).catch((thrown: unknown) => {
      if (!(thrown instanceof Refusal)) throw thrown;
    });
  }

  private async patiently<K extends Type>(type: K, data: Data<K>): Promise<Reply<K>> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.client.request(type, data);
      } catch (thrown) {
        if (!(thrown instanceof Refusal) || !thrown.isThrottled || tries >= TRIES) throw thrown;
        await new Promise((resolve) => setTimeout(resolve, thrown.retryAfterMs ?? 500 * tries));
      }
    }
  }
}
