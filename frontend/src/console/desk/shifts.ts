// Shifts, over REST: hours of a team that agents take by themselves, and that supervisors offer.
import { dayName } from "../../ui/duration";
import { ask, type Problem } from "./session";

export interface Shift {
  id: number;
  team_id: number;
  team: string;
  starts_at: string;
  ends_at: string;
  places: number;
  agent_ids: number[];
}

export interface NewShift {
  team_id: number;
  starts_at: string;
  ends_at: string;
  places: number;
}

const URL_SHIFTS = "/api/v1/shifts/";

export const comingShifts = (): Promise<{ items: Shift[] } | Problem> => ask("GET", URL_SHIFTS);
export const takeShift = (id: number): Promise<Shift | Problem> => ask("POST", `${URL_SHIFTS}${id}/take/`);
export const giveBackShift = (id: number): Promise<Shift | Problem> => ask("DELETE", `${URL_SHIFTS}${id}/take/`);
export const withdrawShift = (id: number): Promise<object | Problem> => ask("DELETE", `${URL_SHIFTS}${id}/`);
export const offerShift = (shift: NewShift): Promise<Shift | Problem> => ask("POST", URL_SHIFTS, shift);

/** Why an agent cannot take it, in a word or two; empty if he can. */
export function hindrance(shift: Shift, me: number, all: readonly Shift[]): string {
  if (shift.agent_ids.length >= shift.places) return "Full";
  const overlaps = (other: Shift) =>
    Date.parse(other.starts_at) < Date.parse(shift.ends_at) && Date.parse(other.ends_at) > Date.parse(shift.starts_at);
  return all.some((other) => other.id !== shift.id && other.agent_ids.includes(me) && overlaps(other))
    ? "You have another"
    : "";
}

/** `1 of 2 places left`. */
export function placesLeft({ places, agent_ids }: Shift): string {
  const left = Math.max(0, places - agent_ids.length);
  return places === 1 ? (left === 1 ? "1 place" : "taken") : `${left} of ${places} places left`;
}

/** The moments of a day and two times as typed; an end that is not after the start is on the day after. */
export function between(day: string, from: string, to: string): { starts_at: string; ends_at: string } | null {
  const starts = new Date(`${day}T${from}`);
  const ends = new Date(`${day}T${to}`);
  if (Number.isNaN(starts.getTime()) || Number.isNaN(ends.getTime())) return null;
  if (ends <= starts) ends.setDate(ends.getDate() + 1);
  return { starts_at: starts.toISOString(), ends_at: ends.toISOString() };
}

/** The shifts day by day, in the reader's own time zone. */
export function byDay(shifts: readonly Shift[], nowMs: number): [string, Shift[]][] {
  const days = new Map<string, Shift[]>();
  for (const shift of shifts) {
    const name = dayName(new Date(shift.starts_at), nowMs);
    days.set(name, [...(days.get(name) ?? []), shift]);
  }
  return [...days];
}
