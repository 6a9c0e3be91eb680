// Golden questions of an inbox: what the desk must get right. Adding, removing, asking them all.
import { ActionIcon, Badge, Button, Group, NativeSelect, Text, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { type FormEvent, useCallback, useState } from "react";
import {
  type Article,
  addGolden,
  type Expects,
  type GoldenGiven,
  type Golden as GoldenQuestion,
  goldenOf,
  intentName,
  type Judged,
  outcomeName,
  type Run,
  removeGolden,
  runGolden,
} from "../desk/automation";
import { isProblem } from "../desk/session";
import { languageName } from "../desk/words";
import { Loaded, Said, useAsked } from "../shell/useAsked";
import styles from "./automation.module.css";
import { Asking } from "./Checked";

export function Golden({ inbox, intents }: { inbox: number; intents: string[] }) {
  const asked = useAsked(useCallback(() => goldenOf(inbox), [inbox]));
  const [problem, setProblem] = useState<string | null>(null);
  const [state, setState] = useState<Run["state"] | null>(null);
  const [judged, setJudged] = useState<ReadonlyMap<number, Judged>>(new Map());
  const after = (answer: object) => {
    setProblem(isProblem(answer) ? answer.advice : null);
    if (!isProblem(answer)) asked.again();
    return !isProblem(answer);
  };
  const run = async () => {
    setState("waiting");
    const done = await runGolden(null, setState);
    setState(null);
    setProblem(isProblem(done) ? done.advice : null);
    if (!isProblem(done)) setJudged(new Map(done.items.map((each) => [each.id, each])));
  };
  return (
    <Loaded {...asked}>
      {({ items: mine, articles }) => {
        const failed = mine.filter(({ id }) => judged.get(id)?.passed === false).length;
        return (
          <>
            <Text size="sm" c="dimmed" mb="sm">
              What must come out right, whatever reads. Ask them after publishing articles and before promoting a
              version.
            </Text>
            <AddForm
              key={mine.length}
              inbox={inbox}
              intents={intents}
              articles={articles}
              onAdd={async (given) => after(await addGolden(given))}
            />
            <Said problem={problem} />
            {mine.length > 0 && (
              <Group my="sm" gap="sm">
                <Button size="xs" onClick={() => void run()} loading={state !== null} data-testid="golden-run">
                  Ask them now
                </Button>
                {state !== null && <Asking state={state} />}
                {state === null && judged.size > 0 && (
                  <Text size="sm" fw={600} role="status" data-testid="golden-summary">
                    {failed === 0 ? "All as expected" : `${failed} of ${mine.length} not as expected`}
                  </Text>
                )}
              </Group>
            )}
            <ul className={styles.list}>
              {mine.map((each) => (
                <Question
                  key={each.id}
                  golden={each}
                  articles={articles}
                  judged={judged.get(each.id)}
                  onRemove={async () => void after(await removeGolden(each.id))}
                />
              ))}
            </ul>
            {mine.length === 0 && <Text size="sm">None yet. Begin with what your customers ask most.</Text>}
          </>
        );
      }}
    </Loaded>
  );
}

interface QuestionProps {
  golden: GoldenQuestion;
  articles: Article[];
  judged: Judged | undefined;
  onRemove: () => Promise<void>;
}

const COMES_TO: Record<Expects, string> = { article: "An article", flow: "A flow", person: "A person" };

function Question({ golden: { question, expects, target }, articles, judged, onRemove }: QuestionProps) {
  return (
    <li className={styles.question} data-testid="golden" data-passed={judged?.passed}>
      <div className={styles.words}>
        <span dir="auto">{question}</span>
        <Text size="xs" c="dimmed">
          Must get {outcomeName(`${expects} ${target}`.trim(), articles)}
          {judged?.passed === false && `; came to ${outcomeName(judged.got, articles)}`}
        </Text>
      </div>
      {judged !== undefined && (
        <Badge variant="light" color={judged.passed ? "teal" : "red"}>
          {judged.passed ? "as expected" : "not as expected"}
        </Badge>
      )}
      <ActionIcon
        variant="subtle"
        color="red"
        size={32}
        aria-label={`Remove “${question}”`}
        onClick={() => void onRemove()}
      >
        <IconTrash size={17} />
      </ActionIcon>
    </li>
  );
}

interface AddProps {
  inbox: number;
  intents: string[];
  articles: Article[];
  onAdd: (given: GoldenGiven) => Promise<boolean>;
}

const REASONS = [
  { value: "", label: "whatever the reason" },
  { value: "asked", label: "asked for one" },
  { value: "human_only", label: "a topic only people answer" },
  { value: "policy", label: "kept for people" },
  { value: "bot_failed", label: "no answer" },
];

function AddForm({ inbox, intents, articles, onAdd }: AddProps) {
  const [question, setQuestion] = useState("");
  const [expects, setExpects] = useState<Expects>("article");
  const [target, setTarget] = useState("");
  const [isSaving, setSaving] = useState(false);
  const add = (event: FormEvent) => {
    event.preventDefault();
    setSaving(true);
    void onAdd({ inbox_id: inbox, question: question.trim(), expects, target }).finally(() => setSaving(false));
  };
  return (
    <form className={styles.form} onSubmit={add} aria-label="A golden question">
      <TextInput
        label="A customer asks"
        placeholder="How long does delivery take?"
        maxLength={2000}
        value={question}
        onChange={(event) => setQuestion(event.currentTarget.value)}
        data-testid="golden-question"
      />
      <Group grow align="flex-start">
        <NativeSelect
          label="and must get"
          value={expects}
          onChange={(event) => {
            setExpects(event.currentTarget.value as Expects);
            setTarget("");
          }}
          data={Object.entries(COMES_TO).map(([value, label]) => ({ value, label }))}
          data-testid="golden-expects"
        />
        <NativeSelect
          label={TARGET_LABELS[expects]}
          value={target}
          onChange={(event) => setTarget(event.currentTarget.value)}
          data={targetsOf(expects, intents, articles)}
          data-testid="golden-target"
        />
      </Group>
      <Group justify="flex-end">
        <Button type="submit" size="xs" loading={isSaving} disabled={question.trim() === ""} data-testid="golden-add">
          Add
        </Button>
      </Group>
    </form>
  );
}

const TARGET_LABELS: Record<Expects, string> = { article: "which", flow: "for", person: "because" };

function targetsOf(expects: Expects, intents: string[], articles: Article[]): { value: string; label: string }[] {
  if (expects === "person") return REASONS;
  if (expects === "flow")
    return [
      { value: "", label: "any flow" },
      ...intents.map((intent) => ({ value: intent, label: intentName(intent) })),
    ];
  return [
    { value: "", label: "any article" },
    ...articles.map(({ slug, title, language }) => ({
      value: slug,
      label: language === "en" ? title : `${title} (${languageName(language)})`,
    })),
  ];
}
