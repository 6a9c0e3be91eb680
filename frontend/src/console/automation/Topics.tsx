// Topics that only people answer, each with how many rules it has; trying a sentence; earlier versions.
import { Badge, Button, Text, Title } from "@mantine/core";
import { useState } from "react";
import { shortDate } from "../../ui/duration";
import { isProblem, type Problem } from "../desk/session";
import { countOf, restoreTopics, type Topic, type Topics as TopicList, titleOf, topics } from "../desk/topics";
import { Loaded, Said, useAsked } from "../shell/useAsked";
import styles from "./automation.module.css";
import { RoomHead } from "./RoomHead";
import { TopicForm } from "./TopicForm";
import { Try } from "./Try";

const NEW: Topic = {
  name: "",
  about: "",
  skills: [],
  priority: 0,
  is_own: true,
  is_changed: false,
  is_off: false,
  shipped: {},
  change: { about: "", skills: null, priority: null, is_off: false, dropped: [], own: {} },
};

export function Topics() {
  const asked = useAsked(topics);
  const [edited, setEdited] = useState<Topic | null>(null);
  const done = () => {
    setEdited(null);
    asked.again();
  };
  return (
    <Loaded {...asked}>
      {(found) =>
        edited === null ? (
          <List found={found} onEdit={setEdited} onChanged={asked.again} />
        ) : (
          <TopicForm topic={edited} all={found} onDone={done} onCancel={() => setEdited(null)} />
        )
      }
    </Loaded>
  );
}

interface ListProps {
  found: TopicList;
  onEdit: (topic: Topic) => void;
  onChanged: () => void;
}

function List({ found, onEdit, onChanged }: ListProps) {
  return (
    <div className={styles.rooms}>
      <section aria-labelledby="only-people">
        <RoomHead id="only-people" title="What only people answer">
          <Button size="compact-sm" flex="none" onClick={() => onEdit(NEW)} data-testid="topic-add">
            Add a topic
          </Button>
        </RoomHead>
        <Text size="sm" c="dimmed" mb="sm">
          A message that a rule takes goes to a person, whatever the bot might know. The first topic that matches
          decides.
        </Text>
        <Try draft={null} />
        <ul className={styles.list}>
          {found.items.map((topic) => (
            <Row key={topic.name} topic={topic} onEdit={() => onEdit(topic)} />
          ))}
        </ul>
      </section>
      <Versions found={found} onChanged={onChanged} />
    </div>
  );
}

function Row({ topic, onEdit }: { topic: Topic; onEdit: () => void }) {
  const { shipped, own } = countOf(topic);
  const rules = [shipped > 0 ? `${shipped} shipped` : "", own > 0 ? `${own} of your own` : ""].filter(Boolean);
  return (
    <li className={styles.question} data-testid="topic" data-name={topic.name} data-off={topic.is_off}>
      <div className={styles.words}>
        <span dir="auto">{titleOf(topic)}</span>
        <Text size="xs" c="dimmed">
          {rules.length === 0 ? "No rules" : `Rules: ${rules.join(", ")}`}
        </Text>
      </div>
      {topic.is_off ? (
        <Badge variant="light" color="red">
          off
        </Badge>
      ) : (
        (topic.is_own || topic.is_changed) && (
          <Badge variant="light" color={topic.is_own ? "blue" : "teal"}>
            {topic.is_own ? "your own" : "changed"}
          </Badge>
        )
      )}
      <Button size="compact-sm" variant="default" onClick={onEdit} aria-label={`Edit ${titleOf(topic)}`}>
        Edit
      </Button>
    </li>
  );
}

function Versions({ found, onChanged }: { found: TopicList; onChanged: () => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const back = (to: number) =>
    void restoreTopics(found.version, to).then((answer: object | Problem) => {
      setProblem(isProblem(answer) ? answer.advice : null);
      if (!isProblem(answer)) onChanged();
    });
  if (found.versions.length === 0) return null;
  return (
    <section aria-labelledby="rules-versions">
      <Title order={3} size="h5" id="rules-versions">
        Versions
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        Each decision names the version that read it.
      </Text>
      <Said problem={problem} />
      <ul className={styles.list}>
        {found.versions.map(({ version, what, by, at }) => (
          <li key={version} className={styles.question} data-testid="topics-version">
            <div className={styles.words}>
              <span dir="auto">{what}</span>
              <Text size="xs" c="dimmed">
                Version {version}, {shortDate(at)}
                {by !== null && `, ${by}`}
              </Text>
            </div>
            {version === found.version ? (
              <Badge>Live</Badge>
            ) : (
              <Button size="compact-sm" variant="default" onClick={() => back(version)}>
                Back to this
              </Button>
            )}
          </li>
        ))}
        <li className={styles.question}>
          <div className={styles.words}>As shipped</div>
          <Button size="compact-sm" variant="default" onClick={() => back(0)} data-testid="topics-shipped">
            Back to this
          </Button>
        </li>
      </ul>
    </section>
  );
}
