// To whom the conversation goes, an agent, a team or whoever has a skill, and what they should know.
import { Alert, Button, Group, Modal, SegmentedControl, Select, Stack, Textarea } from "@mantine/core";
import { useState } from "react";
import { useDesk, useDeskState } from "../desk/context";
import type { Target } from "../desk/desk";

interface Props {
  conversation: string;
  isOpen: boolean;
  onDone: () => void;
}

type Kind = "agent" | "team" | "skill";

const LABELS: Record<Kind, { label: string; placeholder: string; none: string }> = {
  agent: { label: "Agent", placeholder: "Choose a colleague", none: "No colleague by that name" },
  team: { label: "Team", placeholder: "Choose a team", none: "No team by that name" },
  skill: { label: "Skill", placeholder: "Choose what it needs", none: "Nobody has that skill" },
};

export function TransferDialog({ conversation, isOpen, onDone }: Props) {
  return (
    <Modal opened={isOpen} onClose={onDone} title="Transfer the conversation" centered>
      <TransferForm conversation={conversation} onDone={onDone} />
    </Modal>
  );
}

function TransferForm({ conversation, onDone }: Omit<Props, "isOpen">) {
  const desk = useDesk();
  const session = useDeskState((state) => state.session);
  const [kind, setKind] = useState<Kind>("agent");
  const [target, setTarget] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const [isBusy, setBusy] = useState(false);
  const colleagues = (session?.colleagues ?? []).filter((colleague) => colleague.id !== session?.me.id);
  const agents = colleagues
    .toSorted((a, b) => Number(b.online) - Number(a.online) || a.name.localeCompare(b.name))
    .map((c) => ({
      value: String(c.id),
      label: `${c.name} (${c.online ? `${c.availability}, ${c.load} of ${c.capacity} chats` : "offline"})`,
    }));
  const teams = (session?.teams ?? []).map((team) => ({ value: String(team.id), label: team.name }));
  const choices = { agent: agents, team: teams, skill: session?.skills ?? [] };
  const chosen = colleagues.find((c) => kind === "agent" && String(c.id) === target);

  async function submit() {
    if (target === null) return;
    setBusy(true);
    const isDone = await desk.transfer(conversation, targetOf(kind, target), note.trim());
    setBusy(false);
    if (isDone) onDone();
  }

  return (
    <Stack gap="md">
      <SegmentedControl
        fullWidth
        value={kind}
        onChange={(value) => {
          setKind(value as Kind);
          setTarget(null);
        }}
        data={[
          { value: "agent", label: "An agent" },
          { value: "team", label: "A team" },
          { value: "skill", label: "A skill" },
        ]}
      />
      <Select
        label={LABELS[kind].label}
        placeholder={LABELS[kind].placeholder}
        data={choices[kind]}
        value={target}
        onChange={setTarget}
        searchable
        nothingFoundMessage={LABELS[kind].none}
        data-autofocus
        data-testid="transfer-agent"
      />
      {chosen !== undefined && (!chosen.online || chosen.availability === "away") && (
        <Alert color="orange" p="sm">
          {chosen.name} is {chosen.online ? "away" : "offline"} now. The customer may have to wait; a team is quicker.
        </Alert>
      )}
      <Textarea
        label="What they should know"
        description="Only agents see this."
        autosize
        minRows={2}
        maxRows={6}
        maxLength={500}
        dir="auto"
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button onClick={() => void submit()} disabled={target === null} loading={isBusy} data-testid="transfer-submit">
          Transfer
        </Button>
      </Group>
    </Stack>
  );
}

function targetOf(kind: Kind, chosen: string): Target {
  if (kind === "skill") return { skill: chosen };
  return kind === "agent" ? { agent_id: Number(chosen) } : { team_id: Number(chosen) };
}
