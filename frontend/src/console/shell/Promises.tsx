// The ledger of promises, for supervisors: how many were kept, and each with what became of it.
import { Badge, Button, Drawer, Group, Loader, Stack, Text } from "@mantine/core";
import { useCallback, useEffect, useState } from "react";
import { shortDate } from "../../ui/duration";
import { type Ledger, ledger, type Promised } from "../desk/promises";
import { go } from "../desk/route";
import styles from "./questions.module.css";

type Shown = Ledger | "asking" | "failed";

const OUTCOMES = {
  open: { name: "Open", color: "blue" },
  kept: { name: "Kept", color: "teal" },
  broken: { name: "Broken", color: "red" },
  released: { name: "Ended before", color: "gray" },
} as const;

export function Promises({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [shown, setShown] = useState<Shown>("asking");
  const ask = useCallback(() => {
    setShown("asking");
    void ledger().then((found) => setShown(found ?? "failed"));
  }, []);
  useEffect(() => {
    if (isOpen) ask();
  }, [isOpen, ask]);
  return (
    <Drawer opened={isOpen} onClose={onClose} position="right" size="md" title="Promises">
      <div data-testid="promises">
        {shown === "asking" && <Loader size="sm" aria-label="Loading" />}
        {shown === "failed" && (
          <Stack gap="sm" align="flex-start">
            <Text size="sm">The desk could not be asked.</Text>
            <Button size="xs" onClick={ask}>
              Try again
            </Button>
          </Stack>
        )}
        {typeof shown === "object" && <Found {...shown} onOpen={onClose} />}
      </div>
    </Drawer>
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
