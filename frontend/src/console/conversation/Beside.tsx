// What a supervisor can do with a colleague's conversation: join, leave again, take over.
import { Button, Group } from "@mantine/core";
import { IconHandGrab, IconUserMinus, IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { DeskConversation } from "../../protocol";
import { useDesk, useDeskState } from "../desk/context";
import styles from "./pane.module.css";

export function Beside({ conversation: { id, beside } }: { conversation: DeskConversation }) {
  const desk = useDesk();
  const me = useDeskState((state) => state.session?.me);
  const [isBusy, setBusy] = useState(false);
  if (me === undefined || me.role === "agent") return null;
  const takesPart = beside.some((colleague) => colleague.id === me.id);

  async function run(verb: () => Promise<boolean>) {
    setBusy(true);
    await verb();
    setBusy(false);
  }

  return (
    <Group gap={6} wrap="nowrap">
      <Button
        size="xs"
        h={32}
        variant="default"
        disabled={isBusy}
        className={styles.short ?? ""}
        aria-label={takesPart ? "Leave" : "Join"}
        leftSection={takesPart ? <IconUserMinus size={16} /> : <IconUserPlus size={16} />}
        onClick={() => void run(() => (takesPart ? desk.stepOut(id) : desk.stepIn(id)))}
        data-testid={takesPart ? "step-out" : "step-in"}
      >
        <span>{takesPart ? "Leave" : "Join"}</span>
      </Button>
      <Button
        size="xs"
        h={32}
        disabled={isBusy}
        leftSection={<IconHandGrab size={16} />}
        onClick={() => void run(() => desk.takeOver(id))}
        data-testid="take-over"
      >
        Take over
      </Button>
    </Group>
  );
}
