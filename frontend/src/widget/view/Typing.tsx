/** @jsxImportSource preact */
// Three dots while the other side writes; and while the bot, whose turn it is, thinks.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { MessageRow } from "../rows";
import { useSetting } from "./context";
import { useStore } from "./useStore";

/** The bot answers or hands over within this time; past it, dots would be a lie. */
const BOT_TURN_MS = 10_000;

export function Typing({ last }: { last: MessageRow | null }): JSX.Element | null {
  const { chat, words } = useSetting();
  const { typing, conversation } = useStore(chat.state);
  const isBotsTurn = conversation?.state === "bot" && last?.author === "customer" && last.state === "sent";
  const until = Math.max(typing?.until ?? 0, isBotsTurn ? (last?.at ?? 0) + BOT_TURN_MS : 0);
  if (!useIsBefore(until)) return null;
  const name = typing === null || typing.author.kind === "bot" ? words.assistant : typing.author.name;
  return (
    <div class="typing" data-testid="typing" role="status" aria-label={words.typing(name)}>
      <i />
      <i />
      <i />
    </div>
  );
}

function useIsBefore(until: number): boolean {
  const [, tick] = useState(0);
  const left = until - Date.now();
  // biome-ignore lint/correctness/useExhaustiveDependencies: one timer for each end
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => tick((n) => n + 1), left + 20);
    return () => clearTimeout(timer);
  }, [until]);
  return left > 0;
}
