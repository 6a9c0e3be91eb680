// Whether this agent may write to the customer, and if not, what to do instead. Pure.
import type { DeskConversation } from "../../protocol";
import type { Explained } from "../desk/errors";

/** `names`: of the colleagues, by id. */
export function replyLock(
  conversation: Pick<DeskConversation, "state" | "agent" | "beside" | "offer" | "waits_for">,
  me: number,
  supervises: boolean,
  names: ReadonlyMap<number, string>,
): Explained | null {
  switch (conversation.state) {
    case "assigned":
      if (conversation.agent?.id === me || conversation.beside.some(({ id }) => id === me)) return null;
      if (supervises)
        return {
          title: `${conversation.agent?.name ?? "A colleague"} has this conversation.`,
          advice: "Whisper to them here; join to write to the customer, or take over.",
        };
      return {
        title: "Only the assignee writes to the customer.",
        advice: `${conversation.agent?.name ?? "A colleague"} has this conversation: leave them a note, or ask for a transfer.`,
      };
    case "closed":
      return { title: "This conversation is closed.", advice: "It opens again when the customer writes." };
    case "bot":
      return {
        title: "The bot is answering.",
        advice: "A person takes over when the customer asks or the bot cannot help.",
      };
    case "callback":
      return { title: "A call back was promised.", advice: "Take it up to write to the customer." };
    case "offered":
      return offered(conversation.offer?.agent_id, me, names);
    case "queued":
      return {
        title:
          conversation.waits_for === ""
            ? "Nobody has this conversation yet."
            : `It is waiting for ${conversation.waits_for}.`,
        advice: "It is offered to whom it suits: accept it when it is offered to you.",
      };
  }
}

function offered(to: number | undefined, me: number, names: ReadonlyMap<number, string>): Explained {
  if (to === me) return { title: "It is offered to you.", advice: "Accept it to write to the customer." };
  const name = to === undefined ? undefined : names.get(to);
  return {
    title: `It is being offered to ${name ?? "a colleague"}.`,
    advice: "It passes on if it is not accepted in time. You can leave a note for whoever takes it.",
  };
}
