// What an agent can do with a conversation: transfer, give back, release, close, take up a promise, or pick.
import { ActionIcon, Button, Group, Menu, Tooltip } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconCheck,
  IconDots,
  IconHandGrab,
  IconPhoneCall,
  IconRobot,
} from "@tabler/icons-react";
import { useState } from "react";
import type { DeskConversation } from "../../protocol";
import { useDesk, useDeskState } from "../desk/context";
import { personName } from "../desk/words";
import { Beside } from "./Beside";
import styles from "./pane.module.css";
import { ReasonDialog } from "./ReasonDialog";
import { TransferDialog } from "./TransferDialog";

type Dialog = "transfer" | "bot" | "close" | null;

export function Actions({ conversation }: { conversation: DeskConversation }) {
  const desk = useDesk();
  const me = useDeskState((state) => state.session?.me.id);
  const mayPick = useDeskState((state) => state.session?.me.may_pick === true);
  const [dialog, setDialog] = useState<Dialog>(null);
  const { id, state, agent } = conversation;
  const done = () => setDialog(null);
  if (state === "callback")
    return (
      <Button
        size="xs"
        leftSection={<IconPhoneCall size={16} />}
        onClick={() => void desk.takeUp(id)}
        data-testid="take-up"
      >
        Take up
      </Button>
    );
  if (state === "queued" && mayPick)
    return (
      <Button size="xs" leftSection={<IconHandGrab size={16} />} onClick={() => void desk.pick(id)} data-testid="pick">
        Take it
      </Button>
    );
  if (state === "assigned" && agent?.id !== me) return <Beside conversation={conversation} />;
  if (state !== "assigned") return null;
  const choices = [
    { id: "transfer", label: "Transfer", icon: IconArrowForwardUp, run: () => setDialog("transfer") },
    { id: "return-to-bot", label: "Return to bot", icon: IconRobot, run: () => setDialog("bot") },
    { id: "release", label: "Release to the queue", icon: IconArrowBackUp, run: () => void desk.release(id) },
  ];
  return (
    <Group gap={6} wrap="nowrap">
      <Group gap={6} wrap="nowrap" className={styles.wide ?? ""}>
        {choices.map(({ id: name, label, icon: Icon, run }) => (
          <Tooltip key={name} label={label}>
            <ActionIcon variant="default" size={32} onClick={run} aria-label={label} data-testid={name}>
              <Icon size={18} />
            </ActionIcon>
          </Tooltip>
        ))}
      </Group>
      <Button
        size="xs"
        h={32}
        leftSection={<IconCheck size={16} />}
        onClick={() => setDialog("close")}
        data-testid="close"
      >
        Close
      </Button>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon
            variant="default"
            size={32}
            aria-label="More actions"
            className={styles.narrow ?? ""}
            data-testid="more-actions"
          >
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {choices.map(({ id: name, label, icon: Icon, run }) => (
            <Menu.Item key={name} leftSection={<Icon size={16} />} onClick={run}>
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <TransferDialog conversation={id} isOpen={dialog === "transfer"} onDone={done} />
      <ReasonDialog
        isOpen={dialog === "bot"}
        title="Return to the bot"
        text={`The bot will answer ${personName(conversation.customer.name)} from now on. They are told so, and can ask for a person again.`}
        label="Reason"
        placeholder="Only follow-ups left"
        submit="Return to bot"
        submitTestId="return-to-bot-submit"
        onSubmit={(reason) => desk.returnToBot(id, reason)}
        onDone={done}
      />
      <ReasonDialog
        isOpen={dialog === "close"}
        title="Close the conversation"
        text={`${personName(conversation.customer.name)} is asked for a rating. Writing again later opens it anew.`}
        label="How was it resolved?"
        placeholder="Refund started"
        submit="Close"
        submitTestId="close-submit"
        onSubmit={(resolution) => desk.close(id, resolution)}
        onDone={done}
      />
    </Group>
  );
}
