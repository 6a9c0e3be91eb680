// Of one inbox: what may go wrong, what that leaves to the bot, and what the bot has kept.
import { ActionIcon, Badge, Button, Group, Text } from "@mantine/core";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import { percent } from "../../ui/percent";
import { type Limit, type LimitGiven, type MissedRequests, ofInbox, setLimit } from "../desk/automation";
import { isProblem } from "../desk/session";
import { inWords } from "../desk/words";
import { Loaded, Said, useAsked } from "../shell/useAsked";
import { Actions } from "./Actions";
import styles from "./automation.module.css";
import { Curve } from "./Curve";
import { LimitForm } from "./LimitForm";
import { RoomHead } from "./RoomHead";
import { Shares } from "./Shares";

export function Limits({ inbox, intents }: { inbox: number; intents: string[] }) {
  const asked = useAsked(useCallback(() => ofInbox(inbox), [inbox]));
  const [edited, setEdited] = useState<LimitGiven | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const save = async (given: LimitGiven) => {
    const answer = await setLimit(inbox, given);
    setProblem(isProblem(answer) ? answer.advice : null);
    if (isProblem(answer)) return;
    setEdited(null);
    asked.again();
  };
  const remove = (given: LimitGiven) => void save({ ...given, most_wrong: null });
  const form = edited !== null && (
    <LimitForm inbox={inbox} first={edited} intents={intents} onSave={save} onCancel={() => setEdited(null)} />
  );
  return (
    <Loaded {...asked}>
      {({ limits, shares, actions }) => (
        <div className={styles.rooms}>
          <section aria-labelledby="what-may-go-wrong">
            <RoomHead id="what-may-go-wrong" title="What may go wrong">
              {edited === null && (
                <Button size="compact-sm" onClick={() => setEdited(EVERY)} data-testid="limit-add">
                  Add a limit
                </Button>
              )}
            </RoomHead>
            <Text size="sm" c="dimmed" mb="sm">
              Say how much may go wrong. How sure the bot must be follows from examples that the model had not seen.
            </Text>
            <Said problem={problem} />
            {form}
            {limits.items.length === 0 && (
              <Text size="sm">No limit for wrong answers yet: the bot takes whatever no rule keeps for people.</Text>
            )}
            <ul className={styles.list}>
              {limits.items.map((limit) => (
                <Wrong key={limit.intent} inbox={inbox} limit={limit} onEdit={setEdited} onRemove={remove} />
              ))}
              <Missed missed={limits.missed_requests} onEdit={setEdited} onRemove={remove} />
            </ul>
          </section>
          <Shares shares={shares} />
          <Actions actions={actions} />
        </div>
      )}
    </Loaded>
  );
}

const EVERY: LimitGiven = { kind: "wrong", intent: "", most_wrong: 0.02, confidence: 0.95 };
const MISSED: LimitGiven = { kind: "missed_requests", intent: "", most_wrong: 0.05, confidence: 0.95 };

interface RowProps {
  onEdit: (given: LimitGiven) => void;
  onRemove: (given: LimitGiven) => void;
}

function Wrong({ inbox, limit, onEdit, onRemove }: RowProps & { inbox: number; limit: Limit }) {
  const { intent, most_wrong, confidence } = limit;
  const given: LimitGiven = { kind: "wrong", intent, most_wrong, confidence };
  const name = intent === "" ? "Every intent" : inWords(intent);
  return (
    <li className={styles.limit} data-testid="limit" data-intent={intent}>
      <Head
        name={name}
        says={`At most ${percent(most_wrong)} wrong, with ${percent(confidence)} confidence`}
        onEdit={() => onEdit(given)}
        onRemove={() => onRemove(given)}
      >
        <Badge variant="light" color={limit.bar === null ? "red" : "teal"}>
          {limit.bar === null ? "people answer" : `${percent(limit.kept)} with the bot`}
        </Badge>
      </Head>
      <Curve inbox={inbox} limit={limit} name={name} />
      <Text size="sm">{limit.says}</Text>
    </li>
  );
}

function Missed({ missed, onEdit, onRemove }: RowProps & { missed: MissedRequests }) {
  const { most_missed, confidence } = missed;
  const given = { ...MISSED, most_wrong: most_missed ?? MISSED.most_wrong, confidence: confidence ?? 0.95 };
  const isSet = most_missed !== null;
  return (
    <li className={styles.limit} data-testid="limit-requests">
      <Head
        name="Requests for a person"
        says={
          isSet
            ? `At most ${percent(most_missed)} missed, with ${percent(confidence ?? 0.95)} confidence`
            : "No limit: as many are found as less than 0.5% false alarms allow"
        }
        onEdit={() => onEdit(given)}
        onRemove={isSet ? () => onRemove(given) : null}
      >
        {!missed.shown && (
          <Badge variant="light" color="red">
            people answer
          </Badge>
        )}
      </Head>
      <Text size="sm">
        Rules find most of them. A model reads what the rules do not see; alone, with no rules, it would come to this:
      </Text>
      <dl className={styles.costs}>
        <Cost name="Requests not seen by the model" of={missed.requests} count={missed.missed} />
        <Cost name="Ordinary messages handed over" of={missed.others} count={missed.needless} />
        <Cost name="Sound-alikes handed over" of={missed.hard} count={missed.needless_hard} />
      </dl>
      <Text size="sm">{missed.says}</Text>
    </li>
  );
}

function Cost({ name, count, of }: { name: string; count: number; of: number }) {
  const share = of === 0 ? 0 : count / of;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span className={styles.bar} aria-hidden="true">
          <i data-cost="true" style={{ inlineSize: `${100 * share}%` }} />
        </span>
        {percent(share)}
      </dd>
    </div>
  );
}

interface HeadProps {
  name: string;
  says: string;
  children: React.ReactNode;
  onEdit: () => void;
  onRemove: (() => void) | null;
}

function Head({ name, says, children, onEdit, onRemove }: HeadProps) {
  return (
    <div className={styles.head}>
      <div className={styles.words}>
        <Text fw={600} size="sm">
          {name}
        </Text>
        <Text size="sm" c="dimmed">
          {says}
        </Text>
      </div>
      <span className={styles.mark}>{children}</span>
      <Group gap={4} wrap="nowrap">
        <ActionIcon
          variant="subtle"
          color="gray"
          size={32}
          aria-label={`Change the limit for ${name}`}
          onClick={onEdit}
        >
          <IconPencil size={17} />
        </ActionIcon>
        {onRemove !== null && (
          <ActionIcon
            variant="subtle"
            color="red"
            size={32}
            aria-label={`Remove the limit for ${name}`}
            onClick={onRemove}
          >
            <IconTrash size={17} />
          </ActionIcon>
        )}
      </Group>
    </div>
  );
}
