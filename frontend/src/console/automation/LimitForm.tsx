// Setting one limit: for what, how much may go wrong, and how sure of that the desk must be.
import { Button, Group, NativeSelect, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { intentName, type LimitGiven } from "../desk/automation";
import styles from "./automation.module.css";

interface Props {
  first: LimitGiven;
  intents: string[];
  onSave: (given: LimitGiven) => Promise<void>;
  onCancel: () => void;
}

const LEAST = 0.1;
const MOST = 50;
const REQUESTS = "requests for a person";

export function LimitForm({ first, intents, onSave, onCancel }: Props) {
  const [target, setTarget] = useState(first.kind === "missed_requests" ? REQUESTS : first.intent);
  const [share, setShare] = useState(String(Math.round(1000 * (first.most_wrong ?? 0.02)) / 10));
  const [confidence, setConfidence] = useState(String(first.confidence));
  const [isSaving, setSaving] = useState(false);
  const isRequests = target === REQUESTS;
  const value = Number(share.replace(",", "."));
  const isGood = share.trim() !== "" && value >= LEAST && value <= MOST;
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (!isGood) return;
    setSaving(true);
    void onSave({
      kind: isRequests ? "missed_requests" : "wrong",
      intent: isRequests ? "" : target,
      most_wrong: value / 100,
      confidence: Number(confidence),
    }).finally(() => setSaving(false));
  };
  return (
    <form className={styles.form} onSubmit={save} aria-label="A limit">
      <NativeSelect
        label="For"
        value={target}
        onChange={(event) => setTarget(event.currentTarget.value)}
        data={[
          { value: "", label: "Every intent without a limit of its own" },
          { value: REQUESTS, label: "Requests for a person" },
          ...intents.map((intent) => ({ value: intent, label: intentName(intent) })),
        ]}
        data-autofocus
      />
      <Group grow align="flex-start">
        <TextInput
          label={isRequests ? "At most missed (%)" : "At most wrong (%)"}
          inputMode="decimal"
          value={share}
          onChange={(event) => setShare(event.currentTarget.value)}
          error={isGood ? null : `Between ${LEAST} and ${MOST}`}
          data-testid="limit-share"
        />
        <NativeSelect
          label="Confidence"
          value={confidence}
          onChange={(event) => setConfidence(event.currentTarget.value)}
          data={[...new Set(["0.9", "0.95", "0.99", String(first.confidence)])].map((each) => ({
            value: each,
            label: `${Math.round(1000 * Number(each)) / 10} %`,
          }))}
        />
      </Group>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" size="xs" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" size="xs" loading={isSaving} disabled={!isGood} data-testid="limit-save">
          Set the limit
        </Button>
      </Group>
    </form>
  );
}
