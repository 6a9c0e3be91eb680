// Was handing over right, too late or needless? The agent's answer teaches the desk.
import { Button, Text } from "@mantine/core";
import type { HandoffScore } from "../../protocol";
import { SCORE_NAMES } from "../desk/words";
import styles from "./packet.module.css";

const SCORES: readonly HandoffScore[] = ["right", "too_late", "needless"];

export function PacketScore({
  score,
  onScore,
}: {
  score: HandoffScore | null;
  onScore: (score: HandoffScore) => void;
}) {
  return (
    <fieldset className={styles.score} aria-label="Was this handoff right?">
      <Text size="xs" c="dimmed" className={styles.question ?? ""}>
        This handoff was
      </Text>
      <Button.Group>
        {SCORES.map((value) => (
          <Button
            key={value}
            size="compact-xs"
            variant={score === value ? "filled" : "default"}
            aria-pressed={score === value}
            onClick={() => onScore(value)}
            data-testid={`handoff-score-${value}`}
          >
            {SCORE_NAMES[value]}
          </Button>
        ))}
      </Button.Group>
    </fieldset>
  );
}
