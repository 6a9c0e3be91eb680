// Who the customer is and where the conversation stands.
import { Avatar, Badge, Group, Stack, Text } from "@mantine/core";
import { IconCircleCheckFilled } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { DeskConversation, OwnerKind } from "../../protocol";
import { shortDate } from "../../ui/duration";
import { safeHref } from "../../ui/links";
import { initials, languageName, personName, STATE_COLORS, STATE_NAMES } from "../desk/words";
import { Due, Waiting } from "../list/Waiting";
import styles from "./card.module.css";

const OWNERS: Record<OwnerKind, string> = {
  bot: "The bot",
  queue: "The queue",
  agent: "An agent",
  callback: "A promise",
};

export function CustomerCard({ conversation }: { conversation: DeskConversation }) {
  const { customer, state, owner, agent, deadline } = conversation;
  const name = personName(customer.name);
  return (
    <div className={styles.card} data-testid="customer-card">
      <Stack align="center" gap={6} ta="center">
        <Avatar size={64} radius="xl" color="initials" name={name}>
          {initials(name)}
        </Avatar>
        <Text fw={700} size="lg" dir="auto">
          {name}
        </Text>
        <Group gap={6} justify="center">
          <Badge variant="dot" color={customer.online ? "green" : "gray"}>
            {customer.online ? "Online" : "Offline"}
          </Badge>
          {customer.verified ? (
            <Badge variant="light" leftSection={<IconCircleCheckFilled size={12} />}>
              Verified
            </Badge>
          ) : (
            <Badge variant="default">Not verified</Badge>
          )}
        </Group>
      </Stack>
      <Section name="Customer">
        <Row name="E-mail">
          {customer.email === "" ? <Quiet>Not given</Quiet> : <a href={`mailto:${customer.email}`}>{customer.email}</a>}
        </Row>
        <Row name="Language">{languageName(conversation.language || customer.locale)}</Row>
        <Row name="On page">
          <PageLink page={customer.page} />
        </Row>
      </Section>
      <Section name="Conversation">
        <Row name="State">
          <Badge size="sm" variant="light" color={STATE_COLORS[state]}>
            {STATE_NAMES[state]}
          </Badge>
        </Row>
        <Row name="Owner">{agent?.name ?? (owner === null ? <Quiet>Nobody</Quiet> : OWNERS[owner])}</Row>
        {conversation.waiting_since !== null && state !== "assigned" && state !== "closed" && (
          <Row name="Waiting">
            <Waiting since={conversation.waiting_since} />
          </Row>
        )}
        {deadline !== null && (
          <Row name="Deadline">
            <Due at={deadline} />
          </Row>
        )}
        {conversation.callback_due !== null && <Row name="Promised for">{shortDate(conversation.callback_due)}</Row>}
        {conversation.mail_to !== null && <Row name="Answers also to">{conversation.mail_to}</Row>}
        {conversation.mail_problem !== "" && (
          <Row name="Last e-mail">
            <Text span inherit c="red">
              {conversation.mail_problem}
            </Text>
          </Row>
        )}
        <Row name="Shop">{conversation.inbox}</Row>
        <Row name="Opened">{shortDate(conversation.opened_at)}</Row>
        {conversation.closed_at !== null && <Row name="Closed">{shortDate(conversation.closed_at)}</Row>}
        {conversation.score !== null && <Row name="Rating">{`${conversation.score} of 5`}</Row>}
      </Section>
    </div>
  );
}

function Section({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h3>{name}</h3>
      <dl>{children}</dl>
    </section>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.row}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Quiet({ children }: { children: string }) {
  return <span className={styles.quiet}>{children}</span>;
}

function PageLink({ page }: { page: string }) {
  const href = safeHref(page);
  if (href === null) return <Quiet>Unknown</Quiet>;
  const { hostname, pathname } = new URL(href);
  return (
    <a href={href} target="_blank" rel="noopener noreferrer" title={href}>
      {pathname === "/" ? hostname : pathname}
    </a>
  );
}
