// A flow for an intent, or for one in another language: it begins off, with words that can be changed and tried.
import { Button, Group, NativeSelect } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { intentName } from "../desk/automation";
import { addFlow, type Flow, type Flows, firstSpec } from "../desk/flows";
import { isProblem } from "../desk/session";
import { inWords, languageName } from "../desk/words";
import { Said } from "../shell/useAsked";
import styles from "./automation.module.css";

interface Props {
  inbox: number;
  intents: string[];
  found: Flows;
  onAdded: (flow: Flow) => void;
  onCancel: () => void;
}

const LANGUAGES = ["en", "de", "fr", "es", "it", "pt", "nl"];

export function NewFlow({ inbox, intents, found: { items, actions }, onAdded, onCancel }: Props) {
  const [intent, setIntent] = useState(intents[0] ?? "");
  const [action, setAction] = useState(actions[0]?.name ?? "");
  const [language, setLanguage] = useState("en");
  const [problem, setProblem] = useState<string | null>(null);
  const chosen = actions.find(({ name }) => name === action);
  const isThere = items.some((flow) => flow.intent === intent && flow.language === language);
  const add = async (event: FormEvent) => {
    event.preventDefault();
    if (chosen === undefined) return;
    const answer = await addFlow(inbox, intent, action, firstSpec(intent, chosen, language, items));
    if (isProblem(answer)) setProblem(answer.advice);
    else onAdded(answer);
  };
  return (
    <form className={styles.form} onSubmit={(event) => void add(event)} aria-label="A new flow">
      <NativeSelect
        label="When the customer wants"
        value={intent}
        onChange={(event) => setIntent(event.currentTarget.value)}
        data={intents.map((each) => ({ value: each, label: intentName(each) }))}
      />
      <Group grow align="flex-start">
        <NativeSelect
          label="Action"
          value={action}
          onChange={(event) => setAction(event.currentTarget.value)}
          data={actions.map(({ name }) => ({ value: name, label: inWords(name) }))}
        />
        <NativeSelect
          label="Language"
          value={language}
          onChange={(event) => setLanguage(event.currentTarget.value)}
          data={LANGUAGES.map((code) => ({ value: code, label: languageName(code) }))}
          error={isThere ? "There is one already" : null}
        />
      </Group>
      <Said problem={problem} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" size="xs" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" size="xs" disabled={isThere || intent === ""} data-testid="flow-new">
          Add, switched off
        </Button>
      </Group>
    </form>
  );
}
