// The ledger of promises, for supervisors: how many were kept, and each with what became of it.
import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { shortDate } from "../../ui/duration";
import { type Ledger, ledger, type Promised } from "../desk/promises";
import { go } from "../desk/route";
import { AskedDrawer } from "./AskedDrawer";
import styles from "./questions.module.css";

const OUTCOMES = {
  open: { name: "Open", color: "blue" },
  kept: { name: "Kept", color: "teal" },
  broken: { name: "Broken", color: "red" },
  released: { name: "Ended before", color: "gray" },
} as const;

export function Promises(drawer: { isOpen: boolean; onClose: () => void }) {
  return (
    <AskedDrawer {...drawer} title="Promises" testId="promises" question={ledger}>
      {(found) => <Found {...found} onOpen={drawer.onClose} />}
    </AskedDrawer>
  );
}

function Found({ open, kept, broken, items, onOpen }: Ledger & { onOpen: () => void }) {
  return (
    <Stack gap="md">
      <Group gap="xs">
        <Badge variant="light" color={OUTCOMES.open.color}>
          {open} open
        </Badge>
        <Badge variant="light" color={OUTCOMES.kept.color}>
          {kept} kept
        </Badge>
        <Badge variant="light" color={OUTCOMES.broken.color}>
          {broken} broken
        </Badge>
      </Group>
      {items.length === 0 && (
        <Text size="sm" c="dimmed">
          Nobody was promised anything yet. A date is promised out of hours, when nobody is there, and to customers who
          would rather not wait.
        </Text>
      )}
      <ul className={styles.list}>
        {items.map((each) => (
          <Row key={`${each.conversation_id}${each.due}`} promised={each} onOpen={onOpen} />
        ))}
      </ul>
    </Stack>
  );
}

function Row({ promised, onOpen }: { promised: Promised; onOpen: () => void }) {
  const { name, color } = OUTCOMES[promised.outcome ?? "open"];
  return (
    <li data-testid="promise">
      <div className={styles.words}>
        <span dir="auto">{promised.customer}</span>
        <Text size="xs" c="dimmed">
          A person by {shortDate(promised.due)}, asked for {shortDate(promised.asked_at)}
        </Text>
      </div>
      <Badge variant="light" color={color}>
        {name}
      </Badge>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => {
          go({ view: "open", conversation: promised.conversation_id });
          onOpen();
        }}
      >
        Show
      </Button>
    </li>
  );
}
