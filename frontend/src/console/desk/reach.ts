// How many who asked for a person had one in time, by inbox and day; for supervisors. The drawing's numbers are pure.
import { toTenths } from "../../ui/percent";
import { ask, isProblem, type Problem } from "./session";

/** One day. Whoever is neither `met` nor `missed` nor `left` still waits within the target. */
export interface ReachDay {
  begins: string;
  target_s: number | null;
  target_percent: number | null;
  asked: number;
  met: number;
  missed: number;
  left: number;
  waiting: number;
  chose_date: number;
  given_date: number;
  share: number | null;
  median_s: number | null;
  p95_s: number | null;
  kept: number;
  broken: number;
  released: number;
  open: number;
}

export interface ReachOfInbox {
  inbox_id: number;
  name: string;
  target_s: number;
  target_percent: number;
  since: string;
  until: string;
  periods: ReachDay[];
}

export async function reached(): Promise<ReachOfInbox[] | Problem> {
  const found = await ask<{ items: ReachOfInbox[] }>("GET", "/api/v1/reach/?days=28");
  return isProblem(found) ? found : found.items;
}

const DAY_MS = 86_400_000;

/** Every day from `since` to `until`, those in which nobody asked as null. */
export function everyDay({ since, until, periods }: ReachOfInbox): { day: string; found: ReachDay | null }[] {
  const known = new Map(periods.map((one) => [one.begins, one]));
  const days = [];
  for (let at = Date.parse(since); at <= Date.parse(until); at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    days.push({ day, found: known.get(day) ?? null });
  }
  return days;
}

/** What all days come to. Waits are not in it: those of days do not add up. */
export function sum(periods: ReachDay[]): Pick<ReachDay, "met" | "missed" | "left" | "chose_date" | "kept" | "broken"> {
  const all = { met: 0, missed: 0, left: 0, chose_date: 0, kept: 0, broken: 0 };
  for (const one of periods) {
    for (const name of Object.keys(all) as (keyof typeof all)[]) all[name] += one[name];
  }
  return all;
}

/** `94.7%`; never rounded up to a target that was missed. */
export function percent(met: number, judged: number): string {
  if (judged === 0) return "–";
  return toTenths(Math.floor((1000 * met) / judged) / 1000);
}

/** Where a share stands between `floor` and 1; what is below stands on the floor. */
export const heightOf = (share: number, floor: number): number => Math.max(0, (share - floor) / (1 - floor));

/** The lowest line of the drawing: a multiple of a quarter below every day and the target. */
export function floorOf(shares: number[], target: number): number {
  return Math.max(0, Math.floor(4 * Math.min(target - 0.01, ...shares)) / 4);
}
