// Changing a flow: its questions, the yes, what is said in the end; what is wrong is told where it stands.
import { Button, Group, Menu, Text, Textarea, TextInput } from "@mantine/core";
import type { FormEvent } from "react";
import { type Flow, newSlot, type Slot, type Spec, wrongAt } from "../desk/flows";
import type { Problem } from "../desk/session";
import { inWords } from "../desk/words";
import { Said } from "../shell/useAsked";
import styles from "./automation.module.css";
import { Refusals } from "./Refusals";
import { SlotForm } from "./SlotForm";

interface Props {
  flow: Flow;
  draft: Spec;
  problem: Problem | null;
  isSaving: boolean;
  onChange: (draft: Spec) => void;
  onSave: () => void;
  onCancel: () => void;
}

export function FlowForm({ flow, draft, problem, isSaving, onChange, onSave, onCancel }: Props) {
  const wrong = (at: string, deep = false) => wrongAt(problem?.problems ?? [], at, deep);
  const set = (part: Partial<Spec>) => onChange({ ...draft, ...part });
  const slots = draft.slots.map(({ name }) => name);
  const missing = flow.action.takes.filter((name) => !slots.includes(name));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave();
  };
  return (
    <form className={styles.editor} onSubmit={submit} aria-label="A flow">
      <TextInput
        label="Title"
        dir="auto"
        value={draft.title}
        onChange={(event) => set({ title: event.currentTarget.value })}
        error={wrong("title")}
        data-testid="flow-title"
      />
      {draft.slots.map((slot, n) => (
        <SlotForm
          // biome-ignore lint/suspicious/noArrayIndexKey: a slot's name may be changed while it is written
          key={n}
          slot={slot}
          number={n}
          isLast={n === draft.slots.length - 1}
          wrong={(field, deep) => wrong(field === "" ? `slots.${n}` : `slots.${n}.${field}`, deep)}
          onChange={(changed) => set({ slots: draft.slots.with(n, changed) })}
          onRemove={() => set({ slots: draft.slots.toSpliced(n, 1) })}
          onDown={() => set({ slots: swapped(draft.slots, n) })}
        />
      ))}
      {wrong("slots") !== null && <Said problem={wrong("slots")} />}
      {missing.length > 0 && (
        <Menu>
          <Menu.Target>
            <Button variant="default" size="xs" style={{ justifySelf: "start" }}>
              Add a question
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {missing.map((name) => (
              <Menu.Item key={name} onClick={() => set({ slots: [...draft.slots, newSlot(name)] })}>
                {inWords(name)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <Textarea
        label="Asks for a yes"
        description={`Empty: it does not. May name ${named(slots)}`}
        autosize
        dir="auto"
        value={draft.confirm ?? ""}
        onChange={(event) => set({ confirm: event.currentTarget.value === "" ? null : event.currentTarget.value })}
        error={wrong("confirm")}
        data-testid="flow-confirm"
      />
      <Textarea
        label="Says when it is done"
        description={`May name ${named([...slots, ...flow.action.gives])}`}
        autosize
        dir="auto"
        value={draft.done}
        onChange={(event) => set({ done: event.currentTarget.value })}
        error={wrong("done")}
        data-testid="flow-done"
      />
      <Refusals refusals={draft.refusals} slots={slots} wrong={wrong} onChange={(refusals) => set({ refusals })} />
      {problem !== null && (
        <Said
          problem={problem.problems?.length ? "Nothing is saved yet: mend what is marked above." : problem.advice}
        />
      )}
      {problem !== null && wrong("", true) !== null && <Text size="sm">{wrong("")}</Text>}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" size="xs" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" size="xs" loading={isSaving} data-testid="flow-save">
          Save
        </Button>
      </Group>
    </form>
  );
}

const named = (names: readonly string[]) =>
  names.length === 0 ? "nothing" : names.map((each) => `{${each}}`).join(" ");

function swapped(slots: readonly Slot[], n: number): Slot[] {
  const [one, other] = [slots[n], slots[n + 1]];
  return one === undefined || other === undefined ? [...slots] : slots.toSpliced(n, 2, other, one);
}
