// The signed-in agent: shifts, the supervisors’ pages, colors, sign out.
import { Avatar, Button, Group, Menu, Modal, Text, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import {
  IconAdjustments,
  IconCalendarDue,
  IconCalendarUser,
  IconChartBar,
  IconClock,
  IconDeviceDesktop,
  IconHelpCircle,
  IconLogout,
  IconMoon,
  IconSun,
  IconUsers,
} from "@tabler/icons-react";
import { useState } from "react";
import { Automation } from "../automation/Automation";
import { useDeskState } from "../desk/context";
import { initials } from "../desk/words";
import { OpeningHours } from "./OpeningHours";
import { People } from "./People";
import { Promises } from "./Promises";
import { Questions } from "./Questions";
import { Reach } from "./Reach";
import { Shifts } from "./Shifts";
import styles from "./shell.module.css";

const SCHEMES = [
  { value: "light", label: "Light", icon: IconSun },
  { value: "dark", label: "Dark", icon: IconMoon },
  { value: "auto", label: "As the system", icon: IconDeviceDesktop },
] as const;

export function Me({ onSignOut }: { onSignOut: () => void }) {
  const me = useDeskState((state) => state.session?.me);
  const load = useDeskState((state) => state.counts.mine);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [isAsking, setAsking] = useState(false);
  const [hasQuestions, setQuestions] = useState(false);
  const [hasPromises, setPromises] = useState(false);
  const [hasAutomation, setAutomation] = useState(false);
  const [hasReach, setReach] = useState(false);
  const [hasPeople, setPeople] = useState(false);
  const [hasHours, setHours] = useState(false);
  const [hasShifts, setShifts] = useState(false);
  if (me === undefined) return null;
  return (
    <>
      <Menu position="top-start" withinPortal>
        <Menu.Target>
          <UnstyledButton className={styles.me} aria-label={`${me.name}: colors and sign out`} data-testid="me">
            <Avatar size={32} radius="xl" color="pine">
              {initials(me.name)}
            </Avatar>
            <span className={styles.mine}>
              <Text size="sm" fw={600} lineClamp={1}>
                {me.name}
              </Text>
              <Text size="xs" c="dimmed">
                {load} of {me.capacity} chats
              </Text>
            </span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {me.role !== "agent" && (
            <Menu.Item
              leftSection={<IconHelpCircle size={16} />}
              onClick={() => setQuestions(true)}
              data-testid="unanswered-open"
            >
              Questions without an answer
            </Menu.Item>
          )}
          {me.role !== "agent" && (
            <Menu.Item
              leftSection={<IconCalendarDue size={16} />}
              onClick={() => setPromises(true)}
              data-testid="promises-open"
            >
              Promises
            </Menu.Item>
          )}
          {me.role !== "agent" && (
            <Menu.Item leftSection={<IconChartBar size={16} />} onClick={() => setReach(true)} data-testid="reach-open">
              Reachability
            </Menu.Item>
          )}
          {me.role !== "agent" && (
            <Menu.Item
              leftSection={<IconAdjustments size={16} />}
              onClick={() => setAutomation(true)}
              data-testid="automation-open"
            >
              Automation
            </Menu.Item>
          )}
          {me.role !== "agent" && (
            <Menu.Item leftSection={<IconUsers size={16} />} onClick={() => setPeople(true)} data-testid="people-open">
              People
            </Menu.Item>
          )}
          {me.role !== "agent" && (
            <Menu.Item leftSection={<IconClock size={16} />} onClick={() => setHours(true)} data-testid="hours-open">
              Opening hours
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconCalendarUser size={16} />}
            onClick={() => setShifts(true)}
            data-testid="shifts-open"
          >
            Shifts
          </Menu.Item>
          <Menu.Label>Colors</Menu.Label>
          {SCHEMES.map(({ value, label, icon: Icon }) => (
            <Menu.Item
              key={value}
              leftSection={<Icon size={16} />}
              onClick={() => setColorScheme(value)}
              fw={colorScheme === value ? 700 : undefined}
            >
              {label}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconLogout size={16} />}
            onClick={() => (load === 0 ? onSignOut() : setAsking(true))}
            data-testid="sign-out"
          >
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Automation isOpen={hasAutomation} onClose={() => setAutomation(false)} />
      <Promises isOpen={hasPromises} onClose={() => setPromises(false)} />
      <People isOpen={hasPeople} onClose={() => setPeople(false)} />
      <OpeningHours isOpen={hasHours} onClose={() => setHours(false)} />
      <Shifts isOpen={hasShifts} onClose={() => setShifts(false)} />
      <Reach isOpen={hasReach} onClose={() => setReach(false)} />
      <Questions isOpen={hasQuestions} onClose={() => setQuestions(false)} />
      <Modal opened={isAsking} onClose={() => setAsking(false)} title="Sign out with open chats?" centered>
        <Text size="sm" mb="lg">
          {load === 1 ? "One chat is" : `${load} chats are`} still with you. {load === 1 ? "It goes" : "They go"} back
          to the queue, in the old place, and the customer is told. Transfer or close first what you can.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => setAsking(false)} data-autofocus>
            Stay
          </Button>
          <Button color="red.9" onClick={onSignOut} data-testid="sign-out-confirm">
            Sign out
          </Button>
        </Group>
      </Modal>
    </>
  );
}
