// Questions that the bot had no answer to, as the desk groups them, for who writes the articles.
import { ask, isProblem, type Problem } from "./session";

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

export async function unanswered(): Promise<OfShop[] | Problem> {
  const shops = await ask<{ items: Shop[] }>("GET", "/api/v1/inboxes/");
  if (isProblem(shops)) return shops;
  const found = await Promise.all(shops.items.map(ofShop));
  return found.find(isProblem) ?? (found as OfShop[]);
}

async function ofShop(shop: Shop): Promise<OfShop | Problem> {
  const list = await ask<{ items: Unanswered[] }>("GET", `/api/v1/unanswered/?inbox_id=${shop.id}`);
  return isProblem(list) ? list : { shop, questions: list.items };
}

export const settle = (question: Unanswered) =>
  ask<object>("POST", "/api/v1/unanswered/settle/", { decision_ids: question.decision_ids });
