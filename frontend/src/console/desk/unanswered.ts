// Questions that the bot had no answer to, as the desk groups them, for who writes the articles.
import { getJson, postJson } from "./session";

export interface Unanswered {
  question: string;
  times: number;
  last_at: string;
  examples: string[];
  decision_ids: number[];
  answered_by: string | null;
}

export interface Shop {
  id: number;
  name: string;
}

export interface OfShop {
  shop: Shop;
  questions: Unanswered[];
}

/** Null when the desk cannot be asked. */
export async function unanswered(): Promise<OfShop[] | null> {
  const shops = await getJson<{ items: Shop[] }>("/api/v1/inboxes/");
  if (shops === null) return null;
  const lists = await Promise.all(
    shops.items.map((shop) => getJson<{ items: Unanswered[] }>(`/api/v1/unanswered/?inbox_id=${shop.id}`)),
  );
  return shops.items.map((shop, at) => ({ shop, questions: lists[at]?.items ?? [] }));
}

export const settle = (question: Unanswered): Promise<boolean> =>
  postJson("/api/v1/unanswered/settle/", { decision_ids: question.decision_ids }).then((done) => done !== null);
