// Short words in the corner: what happened and what to do.
import { notifications } from "@mantine/notifications";
import type { ReachFell } from "../../protocol";
import type { RefusalCode } from "../../realtime";
import { clockTime } from "../../ui/duration";
import { toTenths } from "../../ui/percent";
import { explain } from "./errors";
import { percent } from "./reach";

const READ_MS = 7_000;

export function tellRefused(code: RefusalCode, message: string): void {
  const { title, advice } = explain(code, message);
  notifications.show({
    id: `refused-${code}`,
    title,
    message: advice,
    color: "red",
    autoClose: READ_MS,
    role: "alert",
  });
}

const WHISPERED_MS = 15_000;

/** What a supervisor says to the assignee alone. The same note is shown once. */
export function tellWhisper(id: number, by: string, text: string): void {
  notifications.show({
    id: `whisper-${id}`,
    title: `${by} whispers`,
    message: text,
    color: "#8f5b00",
    autoClose: WHISPERED_MS,
    role: "status",
  });
}

/** A supervisor is told before a promise breaks; it stays until he has seen it. */
export function tellPromise(conversation: string, customer: string, due: string): void {
  notifications.show({
    id: `promise-${conversation}`,
    title: "A promise is about to break",
    message: `${customer} was promised a person by ${clockTime(new Date(due))}, and nobody has the conversation.`,
    color: "red",
    autoClose: false,
    role: "alert",
  });
}

/** A supervisor is told while the day can still be mended. */
export function tellReach({ inbox, met, judged, target_s, target_percent }: ReachFell): void {
  notifications.show({
    id: `reach-${inbox}`,
    title: "Too few reach a person in time",
    message: `${inbox}: today ${percent(met, judged)} of ${judged} had a person within ${target_s} s; the target is ${toTenths(target_percent / 100)}.`,
    color: "red",
    autoClose: false,
    role: "alert",
  });
}

export function tell(message: string): void {
  notifications.show({ message, autoClose: READ_MS / 2, role: "status" });
}
