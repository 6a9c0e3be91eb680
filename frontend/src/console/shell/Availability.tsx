// Whether conversations are offered to this agent; away may carry a reason that colleagues see.
import { Button, Menu, Text } from "@mantine/core";
import {
  IconChevronDown,
  IconCoffee,
  IconPlayerPause,
  IconSchool,
  IconToolsKitchen2,
  IconUsers,
} from "@tabler/icons-react";
import { useState } from "react";
import type { Availability as Value } from "../../protocol";
import { useDesk, useDeskState } from "../desk/context";
import styles from "./shell.module.css";

const REASONS = [
  { reason: "", label: "Away", icon: IconPlayerPause },
  { reason: "Break", label: "Away: break", icon: IconCoffee },
  { reason: "Lunch", label: "Away: lunch", icon: IconToolsKitchen2 },
  { reason: "Meeting", label: "Away: meeting", icon: IconUsers },
  { reason: "Training", label: "Away: training", icon: IconSchool },
] as const;

export function Availability() {
  const desk = useDesk();
  const me = useDeskState((state) => state.session?.me);
  const [isBusy, setBusy] = useState(false);
  if (me === undefined) return null;
  const isAvailable = me.availability === "available";
  const choose = (value: Value, reason = "") => {
    setBusy(true);
    void desk.setAvailability(value, reason).finally(() => setBusy(false));
  };
  return (
    <Menu position="bottom-start" width="target" withinPortal>
      <Menu.Target>
        <Button
          variant="default"
          justify="space-between"
          loading={isBusy}
          leftSection={<Dot isAvailable={isAvailable} />}
          rightSection={<IconChevronDown size={16} />}
          className={styles.availability ?? ""}
          data-testid="availability"
          data-availability={me.availability}
        >
          {isAvailable ? "Available" : ["Away", me.availability_reason].filter(Boolean).join(": ")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown miw={210}>
        <Menu.Item
          leftSection={<Dot isAvailable />}
          onClick={() => choose("available")}
          data-testid="availability-available"
        >
          Available
          <Text size="xs" c="dimmed">
            Conversations are offered to you
          </Text>
        </Menu.Item>
        <Menu.Divider />
        {REASONS.map(({ reason, label, icon: Icon }) => (
          <Menu.Item
            key={label}
            leftSection={<Icon size={16} />}
            onClick={() => choose("away", reason)}
            data-testid={reason === "" ? "availability-away" : undefined}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

export function Dot({ isAvailable }: { isAvailable: boolean }) {
  return <span className={styles.dot} data-available={isAvailable} aria-hidden="true" />;
}
