// One row of a view: who, what was said last, how long they wait, and in which state it is.
import { Avatar, Badge, UnstyledButton } from "@mantine/core";
import { IconCircleCheckFilled } from "@tabler/icons-react";
import { memo } from "react";
import type { DeskConversation } from "../../protocol";
import { useDeskState } from "../desk/context";
import { isUnread } from "../desk/views";
import { initials, languageName, personName, STATE_COLORS, stateName } from "../desk/words";
import styles from "./list.module.css";
import { Ago, Due, Waiting } from "./Waiting";

interface Props {
  conversation: DeskConversation;
  isSelected: boolean;
  onSelect: (id: string) => void;
}

export const ConversationItem = memo(function ConversationItem({ conversation, isSelected, onSelect }: Props) {
  const { id, customer, state, language } = conversation;
  const name = personName(customer.name);
  const me = useDeskState((desk) => desk.session?.me.id);
  const unread = isUnread(conversation);
  return (
    <li>
      <UnstyledButton
        className={styles.item}
        aria-current={isSelected}
        onClick={() => onSelect(id)}
        data-testid="conversation-item"
        data-id={id}
        data-state={state}
      >
        <span className={styles.face}>
          <Avatar size={38} radius="xl" color="initials" name={name}>
            {initials(name)}
          </Avatar>
          {customer.online && <span className={styles.online} title="Online" />}
        </span>
        <span className={styles.body}>
          <span className={styles.line}>
            <strong className={styles.name} dir="auto">
              {name}
            </strong>
            {customer.verified && <IconCircleCheckFilled size={14} className={styles.verified} aria-label="verified" />}
            <span className={styles.when}>
              <When conversation={conversation} />
            </span>
          </span>
          <span className={styles.line}>
            <span className={styles.preview} data-unread={unread} dir="auto">
              {previewOf(conversation)}
            </span>
            {unread && <span className={styles.dot} role="img" aria-label="unread" />}
          </span>
          <span className={styles.line}>
            <Badge size="sm" variant="light" color={STATE_COLORS[state]}>
              {stateName(conversation, me)}
            </Badge>
            {conversation.priority > 0 && (
              <Badge size="sm" variant="light" color="red">
                Urgent
              </Badge>
            )}
            {language !== "" && (
              <span className={styles.language} title={languageName(language)}>
                {language.split(/[-_]/)[0]?.toUpperCase()}
              </span>
            )}
            <span className={styles.inbox}>{conversation.inbox}</span>
          </span>
        </span>
      </UnstyledButton>
    </li>
  );
});

function When({ conversation }: { conversation: DeskConversation }) {
  const { state, waiting_since, callback_due, last_message_at } = conversation;
  if (callback_due !== null) return <Due at={callback_due} />;
  if ((state === "queued" || state === "offered") && waiting_since !== null) return <Waiting since={waiting_since} />;
  return <Ago since={last_message_at} />;
}

const SPEAKERS: Partial<Record<string, string>> = { agent: "Agent: ", bot: "Bot: " };

/** What the desk itself said last (`We are getting a person for you`) tells an agent nothing: what it is about does. */
function previewOf(conversation: DeskConversation): string {
  const about = conversation.handoff?.summary ?? "";
  if (conversation.last_author === "system" && about !== "") return about;
  if (conversation.preview === "") return "No messages yet";
  return `${SPEAKERS[conversation.last_author ?? ""] ?? ""}${conversation.preview}`;
}
