// Durations and days as people read them. Pure: the caller gives `now`.

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** `42s`, `3m`, `1h 05m`, `2d`: short enough for a list, never negative. */
export function shortDuration(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  if (s < MINUTE) return `${s}s`;
  if (s < HOUR) return `${Math.floor(s / MINUTE)}m`;
  if (s < DAY) return `${Math.floor(s / HOUR)}h ${String(Math.floor((s % HOUR) / MINUTE)).padStart(2, "0")}m`;
  return `${Math.floor(s / DAY)}d`;
}

export function secondsBetween(from: string, nowMs: number): number {
  return (nowMs - Date.parse(from)) / 1000;
}

/** A calendar day in the reader's own time zone, e.g. `2026-05-17`: equal for two moments of one day. */
export function dayOf(moment: Date): string {
  return `${moment.getFullYear()}-${moment.getMonth() + 1}-${moment.getDate()}`;
}

/** `Today`, `Yesterday` or the date written out. */
export function dayName(moment: Date, nowMs: number, locale?: string): string {
  const now = new Date(nowMs);
  if (dayOf(moment) === dayOf(now)) return "Today";
  if (dayOf(moment) === dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1))) return "Yesterday";
  const sameYear = moment.getFullYear() === now.getFullYear();
  return moment.toLocaleDateString(locale, {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(sameYear ? {} : { year: "numeric" }),
  });
}

export function clockTime(moment: Date, locale?: string): string {
  return moment.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
}

/** `Nov 23, 10:23 PM`, as the reader's own system writes it. */
export function shortDate(stamp: string): string {
  return new Date(stamp).toLocaleString(undefined, {
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
}
