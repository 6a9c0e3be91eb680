// One topic's rules: the desk's own lines, the shipped rules with a switch each, and trying it all before it is saved.
import { Alert, Button, Group, NativeSelect, Switch, Text, Textarea, TextInput, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { isProblem, type Problem } from "../desk/session";
import {
  nameOf,
  resetTopic,
  saveTopic,
  type Topic,
  type TopicChange,
  type Topics,
  titleOf,
  wrongIn,
} from "../desk/topics";
import { languageName } from "../desk/words";
import { Said } from "../shell/useAsked";
import styles from "./automation.module.css";
import { Try } from "./Try";

interface Props {
  topic: Topic;
  all: Topics;
  onDone: () => void;
  onCancel: () => void;
}

export function TopicForm({ topic, all, onDone, onCancel }: Props) {
  const [change, setChange] = useState(topic.change);
  const [language, setLanguage] = useState(Object.keys(topic.change.own)[0] ?? "en");
  const [skills, setSkills] = useState(topic.skills.join(", "));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSaving, setSaving] = useState(false);
  const isNew = topic.name === "";
  const name = isNew ? nameOf(change.about ?? "") : topic.name;
  const isTaken = isNew && all.items.some((each) => each.name === name);
  const isWhole = !isTaken && (!topic.is_own || (change.about ?? "").trim() !== "");
  const set = (part: Partial<TopicChange>) => setChange({ ...change, ...part });
  const finish = (asked: Promise<Topics | Problem>) => {
    setSaving(true);
    void asked.then((answer) => {
      setSaving(false);
      if (!isProblem(answer)) return onDone();
      setProblem(answer);
      const where = answer.problems?.[0]?.at.split(".")[0];
      if (where !== undefined && all.languages.includes(where)) setLanguage(where);
    });
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (isWhole) finish(saveTopic(name, all.version, change));
  };
  return (
    <div className={styles.editor}>
      <Title order={3} size="h5">
        {isNew ? "A topic of your own" : titleOf(topic)}
      </Title>
      <form className={styles.editor} onSubmit={save} id="topic-form" aria-label="A topic">
        {topic.is_own && (
          <TextInput
            label="What it is about"
            description="As in “The message touches …, which only people answer”"
            placeholder="gift cards"
            maxLength={80}
            value={change.about ?? ""}
            onChange={(event) => set({ about: event.currentTarget.value })}
            error={isTaken ? "There is a topic of this name" : null}
            data-testid="topic-about"
          />
        )}
        <Switch
          label="Only people answer it"
          description={change.is_off ? "Off: the bot may answer what this topic’s rules take." : null}
          checked={!change.is_off}
          onChange={(event) => set({ is_off: !event.currentTarget.checked })}
          data-testid="topic-on"
        />
        <Languages topic={topic} change={change} all={all} language={language} onChange={setLanguage} />
        <Textarea
          label="Your own words and phrases"
          description="One a line. A * stands for any ending: refund* takes “refunds”, too. Between slashes a pattern (RE2): /gift ?cards?/"
          autosize
          minRows={3}
          maxRows={14}
          dir="auto"
          value={(change.own[language] ?? []).join("\n")}
          onChange={(event) => set({ own: { ...change.own, [language]: event.currentTarget.value.split("\n") } })}
          error={wrongIn(problem?.problems ?? [], language)}
          data-testid="topic-lines"
        />
        <Group grow align="flex-start">
          <TextInput
            label="Skills"
            description="Of who should have it"
            placeholder="fraud, german:3"
            value={skills}
            onChange={(event) => {
              setSkills(event.currentTarget.value);
              set({ skills: listed(event.currentTarget.value) });
            }}
          />
          <TextInput
            label="Priority"
            description="Higher comes first"
            inputMode="numeric"
            value={String(change.priority ?? topic.priority)}
            onChange={(event) => set({ priority: numberIn(event.currentTarget.value) })}
          />
        </Group>
        <Shipped topic={topic} change={change} language={language} onChange={(dropped) => set({ dropped })} />
      </form>
      <Try draft={isWhole ? { topic: name, change } : null} />
      {problem !== null && wrongIn(problem.problems ?? [], language) === null && <Said problem={problem.advice} />}
      {change.is_off && !topic.is_off && !topic.is_own && (
        <Alert color="orange" variant="light">
          Saved like this, messages about {topic.about} may be answered by the bot.
        </Alert>
      )}
      <Group justify="flex-end" gap="xs">
        {topic.is_changed && (
          <Button variant="subtle" color="red" size="xs" mr="auto" onClick={() => finish(resetTopic(topic.name))}>
            {topic.is_own ? "Remove the topic" : "As shipped again"}
          </Button>
        )}
        <Button variant="default" size="xs" onClick={onCancel}>
          Cancel
        </Button>
        <Button
          type="submit"
          form="topic-form"
          size="xs"
          loading={isSaving}
          disabled={!isWhole}
          data-testid="topic-save"
        >
          Save
        </Button>
      </Group>
    </div>
  );
}

const listed = (text: string) =>
  text
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");

const numberIn = (text: string) => Math.min(100, parseInt(text.replaceAll(/\D/g, ""), 10) || 0);

interface LanguagesProps {
  topic: Topic;
  change: TopicChange;
  all: Topics;
  language: string;
  onChange: (language: string) => void;
}

function Languages({ topic, change, all, language, onChange }: LanguagesProps) {
  const rules = (code: string) =>
    (topic.shipped[code]?.length ?? 0) + (change.own[code] ?? []).filter((line) => line.trim() !== "").length;
  return (
    <NativeSelect
      label="Language"
      value={language}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={all.languages.map((code) => ({
        value: code,
        label: rules(code) === 0 ? languageName(code) : `${languageName(code)} (${rules(code)})`,
      }))}
      data-testid="topic-language"
    />
  );
}

interface ShippedProps {
  topic: Topic;
  change: TopicChange;
  language: string;
  onChange: (dropped: string[]) => void;
}

function Shipped({ topic, change, language, onChange }: ShippedProps) {
  const rules = topic.shipped[language] ?? [];
  if (rules.length === 0) return null;
  const off = rules.filter(({ mark }) => change.dropped.includes(mark)).length;
  const toggle = (mark: string, isOn: boolean) =>
    onChange(isOn ? change.dropped.filter((each) => each !== mark) : [...change.dropped, mark]);
  return (
    <details className={styles.shipped}>
      <summary>
        {rules.length} shipped {rules.length === 1 ? "rule" : "rules"} in {languageName(language)}
        {off > 0 && `, ${off} off`}
      </summary>
      <ul className={styles.list}>
        {rules.map(({ rule, mark, pattern }) => (
          <li key={mark}>
            <Switch
              size="xs"
              label={rule}
              checked={!change.dropped.includes(mark)}
              onChange={(event) => toggle(mark, event.currentTarget.checked)}
            />
            <code className={styles.pattern}>{pattern}</code>
          </li>
        ))}
      </ul>
      <Text size="xs" c="dimmed">
        Shipped rules see small letters without accents. One that is off stays off until a release words it anew.
      </Text>
    </details>
  );
}
