// Questions without an answer, for supervisors: what to write an article about, most wanted first.
import { Badge, Button, Text, Title } from "@mantine/core";
import { useState } from "react";
import { isProblem } from "../desk/session";
import { type OfShop, settle, type Unanswered, unanswered } from "../desk/unanswered";
import { AskedDrawer } from "./AskedDrawer";
import styles from "./questions.module.css";
import { Said } from "./useAsked";

export function Questions(drawer: { isOpen: boolean; onClose: () => void }) {
  return (
    <AskedDrawer {...drawer} title="Questions without an answer" testId="unanswered" question={unanswered}>
      {(shops, again) => shops.map((each) => <Shop key={each.shop.id} {...each} onSettled={again} />)}
    </AskedDrawer>
  );
}

function Shop({ shop, questions, onSettled }: OfShop & { onSettled: () => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const done = async (question: Unanswered) => {
    const answer = await settle(question);
    setProblem(isProblem(answer) ? answer.advice : null);
    if (!isProblem(answer)) onSettled();
  };
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
      <Said problem={problem} />
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
            <Button size="compact-sm" variant="default" onClick={() => void done(question)}>
              Done
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
