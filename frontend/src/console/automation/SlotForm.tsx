// One question of a flow: what is asked, and how an answer is understood.
import { ActionIcon, Group, NativeSelect, Text, Textarea, TextInput } from "@mantine/core";
import { IconArrowDown, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { choicesFrom, choicesInWords, type Slot, type SlotKind } from "../desk/flows";
import { inWords } from "../desk/words";
import styles from "./automation.module.css";

interface Props {
  slot: Slot;
  number: number;
  isLast: boolean;
  wrong: (field: string, deep?: boolean) => string | null;
  onChange: (slot: Slot) => void;
  onRemove: () => void;
  onDown: () => void;
}

const KINDS: Record<SlotKind, string> = {
  pattern: "Something of a known shape",
  date: "A date",
  choice: "One of several",
  text: "Whatever is answered",
};

export function SlotForm({ slot, number, isLast, wrong, onChange, onRemove, onDown }: Props) {
  const set = (part: Partial<Slot>) => onChange({ ...slot, ...part });
  const name = inWords(slot.name);
  return (
    <fieldset className={styles.form} data-testid="slot">
      <legend className="visually-hidden">{`Question ${number + 1}: ${name}`}</legend>
      <Group justify="space-between" wrap="nowrap">
        <Text fw={600} size="sm">
          {number + 1}. {name}
        </Text>
        <Group gap={4} wrap="nowrap">
          {!isLast && (
            <ActionIcon variant="subtle" color="gray" size={32} aria-label={`Ask for ${name} later`} onClick={onDown}>
              <IconArrowDown size={17} />
            </ActionIcon>
          )}
          <ActionIcon variant="subtle" color="red" size={32} aria-label={`Do not ask for ${name}`} onClick={onRemove}>
            <IconTrash size={17} />
          </ActionIcon>
        </Group>
      </Group>
      {(wrong("name") ?? wrong("")) !== null && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {wrong("name") ?? wrong("")}
        </Text>
      )}
      <Textarea
        label="Asks"
        autosize
        dir="auto"
        value={slot.ask}
        onChange={(event) => set({ ask: event.currentTarget.value })}
        error={wrong("ask")}
        data-testid="slot-ask"
      />
      <Textarea
        label="Says when the answer is none"
        autosize
        dir="auto"
        value={slot.again}
        onChange={(event) => set({ again: event.currentTarget.value })}
        error={wrong("again")}
      />
      <NativeSelect
        label="Understands"
        value={slot.kind}
        onChange={(event) => set({ kind: event.currentTarget.value as SlotKind })}
        data={Object.entries(KINDS).map(([value, label]) => ({ value, label }))}
        error={wrong("kind")}
      />
      <Understood slot={slot} wrong={wrong} set={set} />
    </fieldset>
  );
}

interface UnderstoodProps {
  slot: Slot;
  wrong: Props["wrong"];
  set: (part: Partial<Slot>) => void;
}

function Understood({ slot, wrong, set }: UnderstoodProps) {
  switch (slot.kind) {
    case "pattern":
      return (
        <Group grow align="flex-start">
          <TextInput
            label="Pattern (RE2)"
            description="What is in ( ) is kept"
            value={slot.pattern}
            onChange={(event) => set({ pattern: event.currentTarget.value })}
            error={wrong("pattern")}
            data-testid="slot-pattern"
          />
          <TextInput
            label="Kept as"
            description="{} is what was found"
            value={slot.shape}
            onChange={(event) => set({ shape: event.currentTarget.value })}
            error={wrong("shape")}
          />
        </Group>
      );
    case "date":
      return (
        <Whole
          label="At most so many days ahead"
          value={slot.days_most}
          error={wrong("days_most")}
          onChange={(days_most) => set({ days_most })}
        />
      );
    case "choice":
      return <Choices slot={slot} error={wrong("choices", true)} onChange={(choices) => set({ choices })} />;
    case "text":
      return (
        <Whole
          label="Kept up to so many characters"
          value={slot.chars_most}
          error={wrong("chars_most")}
          onChange={(chars_most) => set({ chars_most })}
        />
      );
  }
}

interface WholeProps {
  label: string;
  value: number;
  error: string | null;
  onChange: (value: number) => void;
}

function Whole({ label, value, error, onChange }: WholeProps) {
  return (
    <TextInput
      label={label}
      inputMode="numeric"
      value={value === 0 ? "" : String(value)}
      onChange={(event) => onChange(parseInt(event.currentTarget.value.replaceAll(/\D/g, ""), 10) || 0)}
      error={error}
    />
  );
}

interface ChoicesProps {
  slot: Slot;
  error: string | null;
  onChange: (choices: Slot["choices"]) => void;
}

/** Its text is its own while it is written: half a line is no choice yet. */
function Choices({ slot, error, onChange }: ChoicesProps) {
  const [text, setText] = useState(() => choicesInWords(slot.choices));
  return (
    <Textarea
      label="One a line, with the words that mean it"
      placeholder={"red: red, scarlet\nblue: blue, azure"}
      autosize
      minRows={2}
      dir="auto"
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        onChange(choicesFrom(event.currentTarget.value));
      }}
      error={error}
    />
  );
}
