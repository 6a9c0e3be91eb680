// One conversation: header with actions, the handoff packet, the timeline, the composer, the customer's card.
import { ActionIcon, Badge, Drawer, Text, Tooltip } from "@mantine/core";
import { IconArrowLeft, IconCircleCheckFilled, IconUser } from "@tabler/icons-react";
import { useState } from "react";
import type { Colleague, DeskConversation } from "../../protocol";
import { useDesk, useDeskState, useRoom } from "../desk/context";
import type { Room } from "../desk/room";
import { personName, STATE_COLORS, stateName } from "../desk/words";
import { Actions } from "./Actions";
import { Composer } from "./Composer";
import { CustomerCard } from "./CustomerCard";
import { HandoffPacket } from "./HandoffPacket";
import { MissingConversation, NoConversation } from "./Placeholders";
import styles from "./pane.module.css";
import { replyLock } from "./permission";
import { Timeline } from "./Timeline";
import { useReadMark } from "./useReadMark";

export function ConversationPane({ id, onBack }: { id: string | null; onBack: () => void }) {
  if (id === null) return <NoConversation />;
  return <OpenConversation key={id} id={id} onBack={onBack} />;
}

function OpenConversation({ id, onBack }: { id: string; onBack: () => void }) {
  const conversation = useDeskState((state) => state.conversations.get(id));
  const room = useRoom(id);
  if (room.status === "missing") return <MissingConversation onBack={onBack} />;
  if (conversation === undefined) return <div className={styles.pane} aria-busy="true" />;
  return <Conversation conversation={conversation} room={room} onBack={onBack} />;
}

interface Props {
  conversation: DeskConversation;
  room: Room;
  onBack: () => void;
}

const NOBODY: readonly Colleague[] = [];

function Conversation({ conversation, room, onBack }: Props) {
  const desk = useDesk();
  const me = useDeskState((state) => state.session?.me.id ?? -1);
  const limit = useDeskState((state) => state.session?.text_chars ?? 0);
  const [hasCard, setCard] = useState(false);
  const { id, handoff } = conversation;
  const name = personName(conversation.customer.name);
  const supervises = useDeskState((state) => (state.session?.me.role ?? "agent") !== "agent");
  const colleagues = useDeskState((state) => state.session?.colleagues ?? NOBODY);
  const names = new Map(colleagues.map((colleague) => [colleague.id, colleague.name]));
  const lock = replyLock(conversation, me, supervises, names);
  const assignee = conversation.agent;
  useReadMark(conversation, room, lock === null);
  return (
    <>
      <section className={styles.pane} aria-label={`Conversation with ${name}`}>
        <Header conversation={conversation} name={name} onBack={onBack} onCard={() => setCard(true)} />
        {handoff !== null && (
          <HandoffPacket
            key={handoff.id}
            handoff={handoff}
            isFresh={isFresh(conversation, room)}
            onScore={(score) => void desk.scoreHandoff(id, score)}
          />
        )}
        <Timeline
          room={room}
          conversation={conversation}
          onRetry={(clientId) => desk.retry(clientId)}
          onDiscard={(clientId) => desk.discard(clientId)}
        />
        <Composer
          conversation={id}
          customer={name}
          locked={lock}
          limit={limit}
          onReply={(text) => desk.reply(id, text)}
          whisperTo={supervises && assignee !== null && assignee.id !== me ? assignee.name : null}
          onNote={(text, whisper) => desk.note(id, text, whisper)}
          onTyping={(typing) => desk.typing(id, typing)}
        />
      </section>
      <aside className={styles.aside} aria-label="Customer">
        <CustomerCard conversation={conversation} />
      </aside>
      <Drawer opened={hasCard} onClose={() => setCard(false)} position="right" size="sm" title="Customer">
        <CustomerCard conversation={conversation} />
      </Drawer>
    </>
  );
}

/** Until an agent has written after the handoff, the packet stands open. */
function isFresh({ handoff, state }: DeskConversation, room: Room): boolean {
  if (handoff === null || state === "closed" || state === "bot") return false;
  const since = Date.parse(handoff.requested_at);
  return !room.messages.some(({ author, posted_at }) => author.kind === "agent" && Date.parse(posted_at) >= since);
}

interface HeaderProps {
  conversation: DeskConversation;
  name: string;
  onBack: () => void;
  onCard: () => void;
}

function Header({ conversation, name, onBack, onCard }: HeaderProps) {
  const { customer, state } = conversation;
  const me = useDeskState((desk) => desk.session?.me.id);
  return (
    <header className={styles.head}>
      <ActionIcon
        className={styles.back ?? ""}
        variant="subtle"
        color="gray"
        size={36}
        onClick={onBack}
        aria-label="Back to the list"
      >
        <IconArrowLeft size={20} />
      </ActionIcon>
      <div className={styles.title}>
        <Text component="h2" fw={700} size="md" lineClamp={1} dir="auto">
          {name}{" "}
          {customer.verified && <IconCircleCheckFilled size={15} className={styles.verified} aria-label="verified" />}
        </Text>
        <span className={styles.sub}>
          <Badge
            size="sm"
            variant="light"
            color={STATE_COLORS[state]}
            data-testid="conversation-state"
            data-state={state}
          >
            {stateName(conversation, me)}
          </Badge>
          {conversation.beside.length > 0 && (
            <Text size="xs" c="dimmed" lineClamp={1} data-testid="beside">
              with {conversation.beside.map(({ name: colleague }) => colleague).join(", ")}
            </Text>
          )}
          <Text size="xs" c="dimmed" lineClamp={1} className={styles.presence ?? ""}>
            {customer.online ? "Online now" : "Offline"}
          </Text>
        </span>
      </div>
      <Actions conversation={conversation} />
      <Tooltip label="Customer">
        <ActionIcon
          className={styles.info ?? ""}
          variant="default"
          size={32}
          onClick={onCard}
          aria-label="Show the customer"
        >
          <IconUser size={18} />
        </ActionIcon>
      </Tooltip>
    </header>
  );
}
