// The packet's contents: summary, what the bot tried, collected fields, promises, and what the conversation needs.
import { Badge, Group } from "@mantine/core";
import type { ReactNode } from "react";
import type { BotAttempt, Handoff } from "../../protocol";
import { percent } from "../../ui/percent";
import { useDeskState } from "../desk/context";
import { actionName, inWords, languageName } from "../desk/words";
import styles from "./packet.module.css";
import { Sources } from "./Rows";

export function PacketDetails({ handoff }: { handoff: Handoff }) {
  const fields = Object.entries(handoff.fields);
  return (
    <div className={styles.details}>
      <Part name="Summary" isWide>
        <span dir="auto">{handoff.summary || "No summary: the customer asked at once."}</span>
      </Part>
      {handoff.attempts.length > 0 && (
        <Part name="What the bot tried" isWide>
          <ol className={styles.attempts}>
            {handoff.attempts.map((attempt) => (
              <Attempt key={`${attempt.seq}-${attempt.action}`} attempt={attempt} />
            ))}
          </ol>
        </Part>
      )}
      {fields.length > 0 && (
        <Part name="Already collected" isWide>
          <dl className={styles.fields}>
            {fields.map(([name, value]) => (
              <div key={name}>
                <dt>{inWords(name)}</dt>
                <dd dir="auto">{value}</dd>
              </div>
            ))}
          </dl>
        </Part>
      )}
      {handoff.promises.length > 0 && (
        <Part name="Promised" isWide>
          <ul className={styles.promises}>
            {handoff.promises.map((promise) => (
              <li key={promise} dir="auto">
                {promise}
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Part name="Intent">
        {handoff.intent === null ? "Not recognised" : inWords(handoff.intent)}
        {handoff.confidence !== null && (
          <span className={styles.sure}> {Math.round(handoff.confidence * 100)} % sure</span>
        )}
      </Part>
      <Part name="Language">{languageName(handoff.language)}</Part>
      <Part name="Frustration">
        <Meter value={handoff.frustration} />
      </Part>
      <Part name="Needs">
        <Needs handoff={handoff} />
      </Part>
    </div>
  );
}

function Part({ name, isWide = false, children }: { name: string; isWide?: boolean; children: ReactNode }) {
  return (
    <div className={styles.part} data-wide={isWide}>
      <h3>{name}</h3>
      <div>{children}</div>
    </div>
  );
}

function Attempt({ attempt }: { attempt: BotAttempt }) {
  return (
    <li>
      <span className={styles.action}>{actionName(attempt.action)}</span>
      <span dir="auto" className={styles.said}>
        {attempt.text}
      </span>
      <Sources sources={attempt.sources} />
    </li>
  );
}

function Meter({ value }: { value: number }) {
  const share = Math.min(1, Math.max(0, value));
  return (
    <span className={styles.meter}>
      <span className={styles.bar} aria-hidden="true">
        <i style={{ inlineSize: `${100 * share}%` }} />
      </span>
      {percent(share)}
    </span>
  );
}

function Needs({ handoff: { need } }: { handoff: Handoff }) {
  const teams = useDeskState((state) => state.session?.teams);
  const team = teams?.find(({ id }) => id === need.team_id)?.name;
  const words = [
    ...need.skills.map(inWords),
    ...need.languages.map(languageName),
    ...(team === undefined ? [] : [team]),
  ];
  if (words.length === 0) return "Any agent";
  return (
    <Group gap={4}>
      {words.map((word) => (
        <Badge key={word} size="sm" variant="default">
          {word}
        </Badge>
      ))}
    </Group>
  );
}
