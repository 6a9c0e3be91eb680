// Where an agent writes: a reply to the customer or a note for colleagues. Drafts are kept per conversation.
import { Button, Kbd, Tabs, Text, Textarea } from "@mantine/core";
import { IconEar, IconLock, IconMessage, IconNote, IconSend2 } from "@tabler/icons-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { draft, keepDraft, type Mode } from "../desk/drafts";
import { Copilot } from "./Copilot";
import styles from "./composer.module.css";

interface Props {
  conversation: string;
  customer: string;
  /** Why this agent cannot reply to the customer, and what to do; null when he can. */
  locked: { title: string; advice: string } | null;
  limit: number;
  /** False when it was not taken. */
  onReply: (text: string) => boolean;
  /** The colleague this supervisor may whisper to; null for none. */
  whisperTo: string | null;
  onNote: (text: string, whisper: boolean) => Promise<boolean>;
  onTyping: (typing: boolean) => void;
}

const NEAR_LIMIT = 0.9;

export function Composer(props: Props) {
  const { conversation, customer, locked, limit, whisperTo, onReply, onNote, onTyping } = props;
  const [chosen, setMode] = useState<Mode>(locked === null ? "reply" : whisperTo === null ? "note" : "whisper");
  const mode = chosen === "whisper" && whisperTo === null ? "note" : chosen;
  const [texts, setTexts] = useState({
    reply: draft(conversation, "reply"),
    note: draft(conversation, "note"),
    whisper: draft(conversation, "whisper"),
  });
  const [isBusy, setBusy] = useState(false);
  const input = useRef<HTMLTextAreaElement>(null);
  const text = texts[mode];
  const length = [...text].length;
  const isLocked = mode === "reply" && locked !== null;
  const canSend = !isLocked && !isBusy && text.trim() !== "" && length <= limit;

  function write(next: string) {
    setTexts((held) => ({ ...held, [mode]: next }));
    keepDraft(conversation, mode, next);
    if (mode === "reply") onTyping(next.trim() !== "");
  }

  async function send() {
    if (!canSend) return;
    if (mode === "reply") {
      if (!onReply(text)) return;
    } else {
      setBusy(true);
      const isKept = await onNote(text, mode === "whisper");
      setBusy(false);
      if (!isKept) return;
    }
    write("");
    input.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing || event.key !== "Enter") return;
    if (event.shiftKey || event.altKey) return;
    event.preventDefault();
    void send();
  }

  return (
    <div className={styles.composer} data-mode={mode}>
      <Tabs value={mode} onChange={(value) => setMode(value as Mode)} variant="pills" radius="xl">
        <Tabs.List>
          <Tabs.Tab value="reply" leftSection={<IconMessage size={15} />} data-testid="reply-tab">
            Reply
          </Tabs.Tab>
          <Tabs.Tab value="note" leftSection={<IconNote size={15} />} color="#8f5b00" data-testid="note-tab">
            Note
          </Tabs.Tab>
          {whisperTo !== null && (
            <Tabs.Tab value="whisper" leftSection={<IconEar size={16} />} color="#8f5b00" data-testid="whisper-tab">
              Whisper
            </Tabs.Tab>
          )}
        </Tabs.List>
      </Tabs>
      {mode === "reply" && !isLocked && (
        <Copilot
          conversation={conversation}
          onTake={(words) => {
            write(text.trim() === "" ? words : `${text.trimEnd()}\n${words}`);
            input.current?.focus();
          }}
        />
      )}
      {isLocked ? (
        <div className={styles.locked} role="note" data-testid="composer-locked">
          <IconLock size={18} aria-hidden="true" />
          <span>
            <strong>{locked.title}</strong> {locked.advice}
          </span>
        </div>
      ) : (
        <>
          <Textarea
            ref={input}
            className={styles.field ?? ""}
            variant="unstyled"
            autosize
            minRows={2}
            maxRows={9}
            size="md"
            dir="auto"
            aria-label={
              { reply: `Reply to ${customer}`, note: "Note for colleagues", whisper: `Whisper to ${whisperTo}` }[mode]
            }
            placeholder={
              {
                reply: `Write to ${customer}…`,
                note: "Only agents see this…",
                whisper: `Only ${whisperTo} and agents see this…`,
              }[mode]
            }
            value={text}
            onChange={(event) => write(event.currentTarget.value)}
            onKeyDown={onKeyDown}
            onBlur={() => mode === "reply" && onTyping(false)}
            data-testid="composer"
          />
          <div className={styles.foot}>
            <Text
              size="xs"
              c={length > limit ? "red" : mode !== "reply" ? "inherit" : "dimmed"}
              className={styles.hint ?? ""}
            >
              {length > limit * NEAR_LIMIT ? (
                `${length.toLocaleString()} of ${limit.toLocaleString()} characters`
              ) : (
                <>
                  <Kbd size="xs">Enter</Kbd> sends, <Kbd size="xs">Shift</Kbd> + <Kbd size="xs">Enter</Kbd> new line
                </>
              )}
            </Text>
            <Button
              size="sm"
              onClick={() => void send()}
              disabled={!canSend}
              loading={isBusy}
              color={mode === "reply" ? "pine" : "#8f5b00"}
              rightSection={<IconSend2 size={16} />}
              data-testid="send"
            >
              {{ reply: "Send", note: "Add note", whisper: "Whisper" }[mode]}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
