// The customer's commands over REST.
import type { Conversation, CustomerCommands, CustomerSession, Joined, Posted } from "../../protocol";
import type { Call, Speaker } from "./speaker";

type Verbs = {
  [K in Exclude<keyof CustomerCommands, "ping">]: (
    data: CustomerCommands[K]["data"],
  ) => Promise<CustomerCommands[K]["reply"]>;
};

export function customersByRest(call: Call): Speaker {
  let token = "";
  const ask: Call = (method, path, body) =>
    call(method, `customer/${path}`, body, { Authorization: `Customer ${token}` });
  const change = async (verb: string, data: unknown) => ({
    conversation: (await ask("POST", `conversation/${verb}/`, data)) as Conversation,
  });
  const verbs: Verbs = {
    "session.open": async (data) => {
      const session = (await call("POST", "customer/session/", data)) as CustomerSession;
      token = session.token;
      return session;
    },
    "session.end": async () => (await ask("DELETE", "session/")) as Record<string, never>,
    "conversation.join": async ({ conversation_id, after_seq = 0 }) =>
      (await ask("GET", `conversations/${conversation_id}/timeline/?after_seq=${after_seq}`)) as Joined,
    "conversation.request_human": (data) => change("request_human", data),
    "conversation.close": (data) => change("close", data),
    "conversation.take_callback": (data) => change("take_callback", data),
    "conversation.answer_by_mail": (data) => change("answer_by_mail", data),
    "conversation.rate": (data) => change("rate", data),
    "message.post": async (data) => (await ask("POST", "conversation/messages/", data)) as Posted,
    "message.read": async (data) => {
      await change("read", data);
      return {};
    },
    "typing.set": async () => ({}), // fades within seconds: older than the next news
  };
  return {
    say: (type, data) => verbs[type as keyof Verbs](data as never),
    news: async () => {
      const { conversation } = (await ask("POST", "news/")) as { conversation: Conversation | null };
      if (conversation === null) return { pushes: [], last_seq: {} };
      return {
        pushes: [{ type: "conversation.changed", data: { conversation } }],
        last_seq: { [conversation.id]: conversation.last_seq },
      };
    },
  };
}
