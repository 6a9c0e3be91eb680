// One flow: drawn, or being changed; and tried without effect, as it is saved or as it is being changed.
import { Button, Group, Title } from "@mantine/core";
import { useState } from "react";
import { intentName } from "../desk/automation";
import { type Flow, type Spec, saveFlow } from "../desk/flows";
import { isProblem, type Problem } from "../desk/session";
import { languageName } from "../desk/words";
import styles from "./automation.module.css";
import { FlowDrawn } from "./FlowDrawn";
import { FlowForm } from "./FlowForm";
import { Rehearsal } from "./Rehearsal";

interface Props {
  flow: Flow;
  onBack: () => void;
  onSaved: () => void;
}

export function FlowRoom({ flow, onBack, onSaved }: Props) {
  const [draft, setDraft] = useState<Spec | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSaving, setSaving] = useState(false);
  const stop = () => {
    setDraft(null);
    setProblem(null);
  };
  const save = async () => {
    setSaving(true);
    const answer = await saveFlow(flow, flow.enabled, draft);
    setSaving(false);
    if (isProblem(answer)) return setProblem(answer);
    stop();
    onSaved();
  };
  return (
    <div className={styles.editor} data-testid="flow-room">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Title order={3} size="h5">
          {intentName(flow.intent)}, {languageName(flow.language)}
        </Title>
        {draft === null && (
          <Group gap="xs" wrap="nowrap">
            <Button size="compact-sm" variant="default" onClick={onBack}>
              Back
            </Button>
            <Button size="compact-sm" onClick={() => setDraft(flow.spec)} data-testid="flow-edit">
              Change
            </Button>
          </Group>
        )}
      </Group>
      {draft === null ? (
        <FlowDrawn flow={flow} />
      ) : (
        <FlowForm
          flow={flow}
          draft={draft}
          problem={problem}
          isSaving={isSaving}
          onChange={setDraft}
          onSave={() => void save()}
          onCancel={stop}
        />
      )}
      <Rehearsal flow={flow} draft={draft} />
    </div>
  );
}
