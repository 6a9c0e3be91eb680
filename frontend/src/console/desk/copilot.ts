// The copilot's help for one conversation, asked over REST. Nothing of it is sent to the customer by itself.
import { postJson } from "./session";

export interface Passage {
  article_id: number;
  title: string;
  heading: string;
  text: string;
  support: number;
}

export interface Help {
  summary: string;
  passages: Passage[];
  draft: string;
  drafted_by: "passage" | "model" | "";
}

/** Null when the desk could not help just now. */
export const helpWith = (conversation: string): Promise<Help | null> =>
  postJson<Help>(`/api/v1/conversations/${conversation}/copilot/`);
