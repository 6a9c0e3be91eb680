// Opening hours of inboxes and teams, over REST, and how a supervisor writes them. Reading and writing are pure.
import { ask, isProblem, type Problem } from "./session";

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];
export const DAY_NAMES: Readonly<Record<Day, string>> = {
  mon: "Monday",
  tue: "Tuesday",
  wed: "Wednesday",
  thu: "Thursday",
  fri: "Friday",
  sat: "Saturday",
  sun: "Sunday",
};

type Span = [string, string];

/** As the desk keeps them; without any day it is open on all that are no holidays. */
export interface Hours extends Partial<Record<Day, Span[]>> {
  tz?: string;
  holidays?: Record<string, Span[]>;
}

export interface Place {
  kind: "inboxes" | "teams";
  id: number;
  name: string;
  hours: Hours;
}

/** As they are typed: each day `9:00-12:00, 13:00-18:00` or `closed`, and a holiday a line. */
export interface Typed {
  tz: string;
  isAlways: boolean;
  days: Record<Day, string>;
  holidays: string;
}

/** The inboxes first, then the teams. */
export async function places(): Promise<{ all: Place[] } | Problem> {
  const all: Place[] = [];
  for (const kind of ["inboxes", "teams"] as const) {
    const found = await ask<{ items: Omit<Place, "kind">[] }>("GET", `/api/v1/${kind}/`);
    if (isProblem(found)) return found;
    all.push(...found.items.map(({ id, name, hours }) => ({ kind, id, name, hours })));
  }
  return { all };
}

export const setHours = ({ kind, id }: Place, hours: Hours): Promise<object | Problem> =>
  ask("PATCH", `/api/v1/${kind}/${id}/`, { hours });

const USUAL: Span[] = [["09:00", "17:00"]];
const WEEKEND: readonly Day[] = ["sat", "sun"];

export function typed(hours: Hours, tz: string): Typed {
  const isAlways = !DAYS.some((day) => day in hours);
  const usual = (day: Day) => (WEEKEND.includes(day) ? [] : USUAL);
  return {
    tz: hours.tz ?? tz,
    isAlways,
    days: Object.fromEntries(
      DAYS.map((day) => [day, written(isAlways ? usual(day) : (hours[day] ?? []))]),
    ) as Typed["days"],
    holidays: Object.entries(hours.holidays ?? {})
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([day, spans]) => `${day} ${written(spans)}`)
      .join("\n"),
  };
}

/** What the desk is told, or the part that cannot be read. */
export function read({ tz, isAlways, days, holidays }: Typed): { hours: Hours } | { wrong: Day | "holidays" } {
  const hours: Hours = { tz };
  for (const day of isAlways ? [] : DAYS) {
    const spans = spansOf(days[day]);
    if (spans === null) return { wrong: day };
    hours[day] = spans;
  }
  const lines = holidays.split("\n").filter((line) => line.trim() !== "");
  for (const line of lines) {
    const [, date = "", rest = ""] = /^\s*(\d{4}-\d\d-\d\d)\s*(.*)$/.exec(line) ?? [];
    const spans = spansOf(rest);
    if (Number.isNaN(Date.parse(date)) || spans === null) return { wrong: "holidays" };
    hours.holidays = { ...hours.holidays, [date]: spans };
  }
  return { hours };
}

/** In a line, for who only looks: `Mon–Fri 09:00–17:00; Sat 10:00–14:00`. */
export function summary(hours: Hours): string {
  if (!DAYS.some((day) => day in hours)) return "Always open";
  const runs: { first: Day; last: Day; text: string }[] = [];
  for (const day of DAYS) {
    const text = written(hours[day] ?? []);
    const run = runs.at(-1);
    if (run?.text === text) run.last = day;
    else runs.push({ first: day, last: day, text });
  }
  const open = runs.filter(({ text }) => text !== CLOSED);
  const short = (day: Day) => DAY_NAMES[day].slice(0, 3);
  return (
    open
      .map(({ first, last, text }) => `${short(first)}${first === last ? "" : `–${short(last)}`} ${text}`)
      .join("; ") || "Never open"
  );
}

const CLOSED = "closed";

function written(spans: readonly Span[]): string {
  return spans.length === 0 ? CLOSED : spans.map(([from, to]) => `${from}–${to}`).join(", ");
}

/** Null where a part is no span, or ends before it starts. */
function spansOf(text: string): Span[] | null {
  const parts = text.trim().toLowerCase();
  if (parts === "" || parts === CLOSED) return [];
  const spans = parts.split(/[,;]/).map((part) => /^(\d?\d(?::\d\d)?)\s*[-–]\s*(\d?\d(?::\d\d)?)$/.exec(part.trim()));
  const read: Span[] = [];
  for (const span of spans) {
    const from = clock(span?.[1]);
    const to = clock(span?.[2]);
    if (from === null || to === null || from >= to) return null;
    read.push([from, to]);
  }
  return read;
}

/** `9` and `9:00` as `09:00`; the day ends at `24:00`. */
function clock(text: string | undefined): string | null {
  const [hour = "", minute = "00"] = text?.split(":") ?? [];
  if (hour === "" || Number(minute) > 59 || Number(hour) > 24 || (Number(hour) === 24 && minute !== "00")) return null;
  return `${hour.padStart(2, "0")}:${minute}`;
}
