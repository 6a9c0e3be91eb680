// Whether this agent may write to the customer, and if not, what to do instead. Pure.
import type { DeskConversation } from "../../protocol";
import type { Explained } from "../desk/errors";

export function replyLock(
  conversation: Pick<DeskConversation, "state" | "agent" | "beside">,
  me: number,
  supervises: boolean,
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
    case "queued":
    case "offered":
      return {
        title: "Nobody has this conversation yet.",
        advice: "It is offered to whom it suits: accept it when it is offered to you.",
      };
  }
}
