// What the bot can have the merchant do, and whether the merchant answers.
import { Badge, Text, Title } from "@mantine/core";
import { type Action, intentName } from "../desk/automation";
import { inWords } from "../desk/words";
import styles from "./automation.module.css";

const STATES = {
  works: { name: "works", color: "teal", advice: "" },
  failing: {
    name: "failed of late",
    color: "orange",
    advice: "Its last calls failed; those customers went to people.",
  },
  resting: {
    name: "left alone",
    color: "red",
    advice:
      "It failed too often in a row: customers go to people, and one call each half minute tries it. Ask the merchant.",
  },
  unknown: { name: "not known", color: "gray", advice: "Redis is away, so failures are not counted just now." },
} as const;

export function Actions({ actions }: { actions: Action[] }) {
  if (actions.length === 0) return null;
  return (
    <section aria-labelledby="what-the-bot-can-do">
      <Title order={3} size="h5" id="what-the-bot-can-do">
        What the bot can do
      </Title>
      <ul className={styles.list}>
        {actions.map(({ name, intents, state }) => (
          <li key={name} className={styles.question} data-testid="action" data-state={state}>
            <div className={styles.words}>
              {inWords(name)}
              <Text size="xs" c="dimmed">
                {intents.length === 0 ? "No flow uses it" : `Flow: ${intents.map(intentName).join(", ")}`}
                {STATES[state].advice !== "" && `. ${STATES[state].advice}`}
              </Text>
            </div>
            <Badge variant="light" color={STATES[state].color}>
              {STATES[state].name}
            </Badge>
          </li>
        ))}
      </ul>
    </section>
  );
}
