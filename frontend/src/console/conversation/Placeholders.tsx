// What stands in the conversation's place when none is open, or it cannot be found.
import { Button, Kbd, Text } from "@mantine/core";
import { IconMessageCircle, IconMessageCircleX } from "@tabler/icons-react";
import styles from "./pane.module.css";

export function NoConversation() {
  return (
    <section className={styles.placeholder} data-empty="true">
      <IconMessageCircle size={44} stroke={1.2} aria-hidden="true" />
      <Text fw={600}>Choose a conversation</Text>
      <Text size="sm" c="dimmed">
        <Kbd size="xs">j</Kbd> and <Kbd size="xs">k</Kbd> move through the list, <Kbd size="xs">1</Kbd> to{" "}
        <Kbd size="xs">5</Kbd> switch views.
      </Text>
    </section>
  );
}

export function MissingConversation({ onBack }: { onBack: () => void }) {
  return (
    <section className={styles.placeholder}>
      <IconMessageCircleX size={44} stroke={1.2} aria-hidden="true" />
      <Text fw={600}>This conversation cannot be found</Text>
      <Text size="sm" c="dimmed">
        The address may be incomplete, or the conversation was removed.
      </Text>
      <Button variant="default" onClick={onBack}>
        Back to the list
      </Button>
    </section>
  );
}
