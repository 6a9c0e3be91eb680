// Questions without an answer, for supervisors: what to write an article about, most wanted first.
import { Badge, Button, Drawer, Loader, Stack, Text, Title } from "@mantine/core";
import { useCallback, useEffect, useState } from "react";
import { type OfShop, settle, type Unanswered, unanswered } from "../desk/unanswered";
import styles from "./questions.module.css";

type Shown = OfShop[] | "asking" | "failed";

export function Questions({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [shown, setShown] = useState<Shown>("asking");
  const ask = useCallback(() => {
    setShown("asking");
    void unanswered().then((lists) => setShown(lists ?? "failed"));
  }, []);
  useEffect(() => {
    if (isOpen) ask();
  }, [isOpen, ask]);

  async function done(question: Unanswered) {
    if (await settle(question)) ask();
    else setShown("failed");
  }

  return (
    <Drawer opened={isOpen} onClose={onClose} position="right" size="md" title="Questions without an answer">
      <div data-testid="unanswered">
        {shown === "asking" && <Loader size="sm" aria-label="Loading" />}
        {shown === "failed" && (
          <Stack gap="sm" align="flex-start">
            <Text size="sm">The desk could not be asked, or the list was not changed.</Text>
            <Button size="xs" onClick={ask}>
              Try again
            </Button>
          </Stack>
        )}
        {Array.isArray(shown) && shown.map((each) => <Shop key={each.shop.id} {...each} onDone={done} />)}
      </div>
    </Drawer>
  );
}

function Shop({ shop, questions, onDone }: OfShop & { onDone: (question: Unanswered) => Promise<void> }) {
  return (
    <section className={styles.shop} aria-label={shop.name}>
      <Title order={3} size="h5">
        {shop.name}
      </Title>
      {questions.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing: the bot had an answer to every question of the last 30 days.
        </Text>
      )}
      <ul className={styles.list}>
        {questions.map((question) => (
          <li key={question.decision_ids.join()} data-testid="unanswered-question">
            <div className={styles.words}>
              <span dir="auto">{question.question}</span>
              <Text size="xs" c="dimmed">
                {question.answered_by === null
                  ? "No article speaks of it yet"
                  : `“${question.answered_by}” would answer it now`}
              </Text>
            </div>
            <Badge variant="light">{question.times === 1 ? "once" : `${question.times} times`}</Badge>
            <Button size="compact-sm" variant="default" onClick={() => void onDone(question)}>
              Done
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
