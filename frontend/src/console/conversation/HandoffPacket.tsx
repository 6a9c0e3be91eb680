// The handoff packet: everything known when the bot handed over, so that no customer repeats himself.
import { Badge, Collapse, Group, Text, UnstyledButton } from "@mantine/core";
import { IconArrowsRightLeft, IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import type { Handoff, HandoffScore } from "../../protocol";
import { percent } from "../../ui/percent";
import { REASON_NAMES } from "../desk/words";
import { PacketDetails } from "./PacketDetails";
import { PacketScore } from "./PacketScore";
import styles from "./packet.module.css";

interface Props {
  handoff: Handoff;
  /** Nobody answered yet: the packet is what to read first. */
  isFresh: boolean;
  onScore: (score: HandoffScore) => void;
}

export function HandoffPacket({ handoff, isFresh, onScore }: Props) {
  const [chosen, setChosen] = useState<boolean | null>(null);
  const isOpen = chosen ?? isFresh;
  return (
    <section className={styles.packet} aria-label="Handoff" data-testid="handoff-packet">
      <div className={styles.head}>
        <UnstyledButton className={styles.toggle} aria-expanded={isOpen} onClick={() => setChosen(!isOpen)}>
          <IconArrowsRightLeft size={18} aria-hidden="true" className={styles.icon} />
          <span className={styles.title}>
            <Group gap={8} wrap="nowrap">
              <Text fw={700} size="sm" lineClamp={1}>
                {REASON_NAMES[handoff.reason]}
              </Text>
              <FrustrationBadge value={handoff.frustration} />
            </Group>
            <Text size="xs" c="dimmed" lineClamp={isOpen ? 2 : 1} dir="auto" className={styles.why ?? ""}>
              {isOpen ? handoff.why : handoff.summary || handoff.why}
            </Text>
          </span>
          <IconChevronDown size={18} className={styles.chevron} data-open={isOpen} aria-hidden="true" />
        </UnstyledButton>
        <PacketScore score={handoff.score} onScore={onScore} />
      </div>
      <Collapse expanded={isOpen}>
        <PacketDetails handoff={handoff} />
      </Collapse>
    </section>
  );
}

const UPSET = 0.6;
const TENSE = 0.3;

function FrustrationBadge({ value }: { value: number }) {
  if (value < TENSE) return null;
  const isUpset = value >= UPSET;
  return (
    <Badge
      size="sm"
      variant="light"
      style={{ flex: "none" }}
      color={isUpset ? "red" : "orange"}
      title={`Frustration ${percent(value)}`}
    >
      {isUpset ? "Frustrated" : "Tense"}
    </Badge>
  );
}
