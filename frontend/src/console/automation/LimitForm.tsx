// Setting one limit: for what, how much may go wrong, and how sure of that the desk must be.
import { Button, Group, NativeSelect, Text, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useState } from "react";
import { toTenths } from "../../ui/percent";
import { type Foreseen, foreseen, intentName, type LimitGiven } from "../desk/automation";
import { isProblem } from "../desk/session";
import styles from "./automation.module.css";

interface Props {
  inbox: number;
  first: LimitGiven;
  intents: string[];
  onSave: (given: LimitGiven) => Promise<void>;
  onCancel: () => void;
}

const LEAST = 0.1;
const MOST = 50;
const REQUESTS = "requests for a person";

export function LimitForm({ inbox, first, intents, onSave, onCancel }: Props) {
  const [target, setTarget] = useState(first.kind === "missed_requests" ? REQUESTS : first.intent);
  const [share, setShare] = useState(String(Math.round(1000 * (first.most_wrong ?? 0.02)) / 10));
  const [confidence, setConfidence] = useState(String(first.confidence));
  const [isSaving, setSaving] = useState(false);
  const isRequests = target === REQUESTS;
  const value = Number(share.replace(",", "."));
  const isGood = share.trim() !== "" && value >= LEAST && value <= MOST;
  const given: LimitGiven = {
    kind: isRequests ? "missed_requests" : "wrong",
    intent: isRequests ? "" : target,
    most_wrong: value / 100,
    confidence: Number(confidence),
  };
  const would = useForeseen(inbox, isGood ? given : null);
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (!isGood) return;
    setSaving(true);
    void onSave(given).finally(() => setSaving(false));
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
            label: toTenths(Number(each)),
          }))}
        />
      </Group>
      <Text size="sm" fw={would?.shown === false ? 600 : 400} aria-live="polite" data-testid="limit-foreseen">
        {would?.says ?? "…"}
      </Text>
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

const TYPED_MS = 300;

/** What the limit would do, asked once nobody has typed for a moment; null until it is known. */
function useForeseen(inbox: number, given: LimitGiven | null): Foreseen | null {
  const [found, setFound] = useState<Foreseen | null>(null);
  const asked = given && JSON.stringify(given);
  useEffect(() => {
    setFound(null);
    if (asked === null) return;
    let isStale = false;
    const wait = setTimeout(async () => {
      const answer = await foreseen(inbox, JSON.parse(asked) as LimitGiven);
      if (!isStale && !isProblem(answer)) setFound(answer);
    }, TYPED_MS);
    return () => {
      isStale = true;
      clearTimeout(wait);
    };
  }, [inbox, asked]);
  return found;
}
