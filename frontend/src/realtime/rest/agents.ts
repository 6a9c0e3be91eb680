// The agent's commands over REST, with the session cookie.
import type {
  AgentCommands,
  AgentSession,
  ConversationList,
  DeskConversation,
  DeskJoined,
  Note,
  Posted,
} from "../../protocol";
import { newClientId } from "../client_id";
import { Refusal } from "../refusal";
import type { World } from "../world";
import type { Call, Speaker } from "./speaker";

type Verbs = {
  [K in Exclude<keyof AgentCommands, "ping">]: (data: AgentCommands[K]["data"]) => Promise<AgentCommands[K]["reply"]>;
};

interface DeskNews {
  readonly session: AgentSession;
  readonly conversations: readonly DeskConversation[];
  readonly last_seq: Readonly<Record<string, number>>;
}

/** The desk tells changes of as many. */
const FOLLOWED_MOST = 50;

export function agentsByRest(call: Call, world: Pick<World, "isHidden">): Speaker {
  const page = newClientId();
  /** Each followed conversation's version as last told; the one joined longest ago first. */
  const following = new Map<string, number>();
  let csrfToken = "";

  const ask: Call = async (method, path, body) => {
    try {
      return await call(method, path, body, { "X-CSRFToken": csrfToken });
    } catch (thrown) {
      // Somebody signed in anew in this browser: the next session brings the new token.
      const isOld = thrown instanceof Refusal && (thrown.code as string) === "csrf_failed";
      throw isOld ? new Refusal("disconnected", thrown.message) : thrown;
    }
  };
  const to =
    (verb: string) =>
    async ({ conversation_id, ...data }: { conversation_id: string }) =>
      ask("POST", `conversations/${conversation_id}/${verb}/`, data);
  const change = (verb: string) => async (data: { conversation_id: string }) => ({
    conversation: (await to(verb)(data)) as DeskConversation,
  });
  const quietly = (verb: string) => async (data: { conversation_id: string }) => {
    await to(verb)(data);
    return {};
  };
  const follow = ({ id, version }: DeskConversation): void => {
    following.delete(id);
    following.set(id, version);
    for (const oldest of following.keys()) {
      if (following.size <= FOLLOWED_MOST) break;
      following.delete(oldest);
    }
  };
  const news = async () => {
    const asked = { page, following: Object.fromEntries(following), hidden: world.isHidden() };
    return (await ask("POST", "news/", asked)) as DeskNews;
  };

  const verbs: Verbs = {
    "session.open": async () => {
      ({ csrf_token: csrfToken } = (await call("GET", "session/")) as { csrf_token: string });
      return (await news()).session;
    },
    "availability.set": async (data) => {
      await ask("PUT", "availability/", data);
      return (await news()).session;
    },
    "conversation.list": async ({ view, cursor }) => {
      const query = new URLSearchParams({ view, ...(cursor ? { cursor } : {}) });
      return (await ask("GET", `conversations/?${query}`)) as ConversationList;
    },
    "conversation.join": async ({ conversation_id, after_seq = 0 }) => {
      const path = `conversations/${conversation_id}/timeline/?after_seq=${after_seq}`;
      const joined = (await ask("GET", path)) as DeskJoined;
      follow(joined.conversation);
      return joined;
    },
    "conversation.leave": async ({ conversation_id }) => {
      following.delete(conversation_id);
      return {};
    },
    "conversation.accept": change("accept"),
    "conversation.decline": quietly("decline"),
    "conversation.release": change("release"),
    "conversation.take_up": change("take_up"),
    "conversation.pick": change("pick"),
    "conversation.transfer": change("transfer"),
    "conversation.step_in": change("step_in"),
    "conversation.step_out": change("step_out"),
    "conversation.take_over": change("take_over"),
    "conversation.return_to_bot": change("return_to_bot"),
    "conversation.close": change("close"),
    "conversation.note": async (data) => ({ note: (await to("notes")(data)) as Note }),
    "message.post": async (data) => (await to("messages")(data)) as Posted,
    "message.read": quietly("read"),
    "typing.set": async () => ({}), // fades within seconds: older than the next news
    "handoff.score": change("handoff/score"),
  };
  return {
    say: (type, data) => verbs[type as keyof Verbs](data as never),
    news: async () => {
      const { session, conversations, last_seq } = await news();
      for (const { id, version } of conversations) if (following.has(id)) following.set(id, version);
      const changed = conversations.map((conversation) => ({ type: "conversation.changed", data: { conversation } }));
      return { pushes: [{ type: "session.changed", data: session }, ...changed], last_seq };
    },
  };
}
