// One offer: who waits, why a person is needed, what happened so far, and how long there is to decide.
import { Badge, Button, Group, Kbd, Text } from "@mantine/core";
import { IconCalendarDue, IconCheck, IconX } from "@tabler/icons-react";
import { shortDate } from "../../ui/duration";
import { countdown } from "../desk/countdown";
import { useNow } from "../desk/now";
import type { OfferOnScreen } from "../desk/offers";
import { inWords, languageName, personName, REASON_NAMES } from "../desk/words";
import { CountdownRing } from "./CountdownRing";
import styles from "./offer.module.css";

interface Props {
  offer: OfferOnScreen;
  hasKeys: boolean;
  onAccept: () => void;
  onDecline: () => void;
}

export function OfferCard({ offer, hasKeys, onAccept, onDecline }: Props) {
  const { conversation, answering } = offer;
  const { customer, handoff, language } = conversation;
  const left = countdown(offer.offeredAt, offer.expiresAt, useNow("quarter"));
  const isOver = left.tone === "over";
  const name = personName(customer.name);
  return (
    <section className={styles.card} aria-label={`Offer: ${name}`} data-testid="offer" data-id={conversation.id}>
      <div className={styles.top}>
        <div className={styles.who}>
          <Text size="xs" fw={600} c="dimmed" tt="uppercase" lts="0.04em">
            Offered to you
          </Text>
          <Text fw={700} size="lg" dir="auto" lineClamp={1}>
            {name}
          </Text>
          <Group gap={6} mt={4}>
            {conversation.callback_due !== null && (
              <Badge color="red.9" leftSection={<IconCalendarDue size={13} />} data-testid="offer-promised">
                Promised by {shortDate(conversation.callback_due)}
              </Badge>
            )}
            {handoff !== null && (
              <Badge variant="light" color="orange">
                {REASON_NAMES[handoff.reason]}
              </Badge>
            )}
            {handoff !== null && handoff.intent !== null && <Badge variant="default">{inWords(handoff.intent)}</Badge>}
            {language !== "" && <Badge variant="default">{languageName(language)}</Badge>}
          </Group>
        </div>
        <CountdownRing {...left} />
      </div>
      <Text size="sm" className={styles.summary} dir="auto" lineClamp={4}>
        {handoff?.summary || conversation.preview || "The customer has not written anything yet."}
      </Text>
      <Group gap={8} grow>
        <Button
          leftSection={<IconCheck size={18} />}
          rightSection={hasKeys ? <Kbd size="xs">a</Kbd> : undefined}
          onClick={onAccept}
          loading={answering === "accept"}
          disabled={isOver || answering !== null}
          data-testid="offer-accept"
        >
          Accept
        </Button>
        <Button
          variant="default"
          leftSection={<IconX size={18} />}
          rightSection={hasKeys ? <Kbd size="xs">d</Kbd> : undefined}
          onClick={onDecline}
          loading={answering === "decline"}
          disabled={isOver || answering !== null}
          data-testid="offer-decline"
        >
          Decline
        </Button>
      </Group>
    </section>
  );
}
