// The messages of one conversation, gapless from seq 1. Pure: a repetition changes nothing, a leap is a Gap.
import type { Message } from "../protocol";

export type Timeline = readonly Message[];

export interface Gap {
  readonly gap: true;
  /** Join again with this `after_seq`. */
  readonly after: number;
}

export const EMPTY: Timeline = [];

export const lastSeq = (timeline: Timeline): number => timeline.length;

export function apply(timeline: Timeline, message: Message): Timeline | Gap {
  const last = lastSeq(timeline);
  if (message.seq <= last) return timeline;
  if (message.seq > last + 1) return { gap: true, after: last };
  return [...timeline, message];
}

export const isGap = (result: Timeline | Gap): result is Gap => "gap" in result;

/** A page of `conversation.join`: what is held already is skipped, what does not connect is left for the next page. */
export function applyPage(timeline: Timeline, page: readonly Message[]): Timeline {
  const fresh: Message[] = [];
  for (const message of page) {
    if (message.seq === lastSeq(timeline) + fresh.length + 1) fresh.push(message);
  }
  return fresh.length === 0 ? timeline : [...timeline, ...fresh];
}
