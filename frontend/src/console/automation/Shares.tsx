// What the bot kept of each intent in the last thirty days, as bars.
import { Text, Title } from "@mantine/core";
import { percent } from "../../ui/percent";
import { intentName, type Share } from "../desk/automation";
import styles from "./automation.module.css";

export function Shares({ shares }: { shares: Share[] }) {
  const turns = shares.reduce((sum, each) => sum + each.turns, 0);
  const kept = shares.reduce((sum, each) => sum + each.kept, 0);
  return (
    <section aria-labelledby="what-the-bot-kept">
      <Title order={3} size="h5" id="what-the-bot-kept">
        What the bot kept
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {turns === 0
          ? "Nothing was asked in the last 30 days."
          : `In the last 30 days ${kept} of ${turns} turns, small talk left out.`}
      </Text>
      <ul className={styles.shares}>
        {shares.map(({ intent, turns: of, kept: count }) => (
          <li key={intent}>
            <span className={styles.shareName}>{intentName(intent)}</span>
            <span className={styles.bar} aria-hidden="true">
              <i style={{ inlineSize: `${(100 * count) / of}%` }} />
            </span>
            <span className={styles.shareFigure}>
              {percent(count / of)}
              <span>
                {count} of {of}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
