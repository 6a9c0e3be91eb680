// What the bot says when the merchant refuses, code by code, and what follows.
import { ActionIcon, Button, Group, NativeSelect, Text, Textarea, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { refusalOf, type Spec } from "../desk/flows";
import { inWords } from "../desk/words";
import styles from "./automation.module.css";

interface Props {
  refusals: Spec["refusals"];
  slots: string[];
  wrong: (at: string, deep?: boolean) => string | null;
  onChange: (refusals: Spec["refusals"]) => void;
}

export function Refusals({ refusals, slots, wrong, onChange }: Props) {
  const [code, setCode] = useState("");
  const then = [
    { value: "human", label: "a person takes over" },
    { value: "end", label: "the flow ends" },
    ...slots.map((name) => ({ value: name, label: `“${inWords(name)}” is asked for again` })),
  ];
  const add = () => {
    onChange({ ...refusals, [code]: refusalOf("", "human") });
    setCode("");
  };
  const without = (gone: string) => Object.fromEntries(Object.entries(refusals).filter(([each]) => each !== gone));
  return (
    <section className={styles.editor} aria-label="When the merchant refuses">
      <Text size="sm" fw={600}>
        When the merchant refuses
      </Text>
      {Object.entries(refusals).map(([each, refusal]) => (
        <div key={each} className={styles.form}>
          <Group justify="space-between" wrap="nowrap">
            <code className={styles.rule}>{each}</code>
            <ActionIcon
              variant="subtle"
              color="red"
              size={32}
              aria-label={`Remove ${each}`}
              onClick={() => onChange(without(each))}
            >
              <IconTrash size={17} />
            </ActionIcon>
          </Group>
          <Textarea
            label="Says"
            autosize
            dir="auto"
            value={refusal.say}
            onChange={(event) => onChange({ ...refusals, [each]: refusalOf(event.currentTarget.value, refusal.then) })}
            error={wrong(`refusals.${each}.say`)}
          />
          <NativeSelect
            label="and then"
            value={refusal.then}
            onChange={(event) => onChange({ ...refusals, [each]: refusalOf(refusal.say, event.currentTarget.value) })}
            data={then}
            error={wrong(`refusals.${each}.then`)}
          />
        </div>
      ))}
      <div className={styles.asking}>
        <TextInput
          label="Another code of the merchant’s"
          description="One without words here goes to a person"
          placeholder="not_found"
          maxLength={60}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value.replaceAll(/[^-A-Za-z0-9_]/g, ""))}
        />
        <Button variant="default" onClick={add} disabled={code === "" || code in refusals}>
          Add
        </Button>
      </div>
    </section>
  );
}
