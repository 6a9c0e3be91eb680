// The ledger of promises, for supervisors: what was promised, and what became of it.
import { ask } from "./session";

export interface Promised {
  conversation_id: string;
  customer: string;
  asked_at: string;
  due: string;
  outcome: "kept" | "broken" | "released" | null;
  outcome_at: string | null;
}

export interface Ledger {
  open: number;
  kept: number;
  broken: number;
  items: Promised[];
}

export const ledger = () => ask<Ledger>("GET", "/api/v1/promises/");
