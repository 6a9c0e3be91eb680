// Shifts that agents take and give back by themselves; supervisors offer them here, too.
import { ActionIcon, Badge, Button, Drawer, Group, Stack, Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { clockTime } from "../../ui/duration";
import { useDeskState } from "../desk/context";
import { isProblem, type Problem, serverNow } from "../desk/session";
import {
  byDay,
  comingShifts,
  giveBackShift,
  hindrance,
  offerShift,
  placesLeft,
  type Shift,
  takeShift,
  withdrawShift,
} from "../desk/shifts";
import { OfferShift } from "./OfferShift";
import styles from "./questions.module.css";
import { Loaded, Said, useAsked } from "./useAsked";

export function Shifts({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Drawer opened={isOpen} onClose={onClose} position="right" size="md" title="Shifts">
      <div data-testid="shifts">
        <Coming />
      </div>
    </Drawer>
  );
}

function Coming() {
  const asked = useAsked(comingShifts);
  const supervises = useDeskState((state) => (state.session?.me.role ?? "agent") !== "agent");
  const [problem, setProblem] = useState<string | null>(null);
  const act = async (done: Promise<object | Problem>): Promise<boolean> => {
    const answer = await done;
    setProblem(isProblem(answer) ? answer.advice : null);
    asked.again();
    return !isProblem(answer);
  };
  return (
    <Loaded {...asked}>
      {({ items }) => (
        <Stack gap="md">
          <Said problem={problem} />
          {supervises && <OfferShift onOffer={(shift) => act(offerShift(shift))} />}
          {items.length === 0 && (
            <Text size="sm" c="dimmed">
              No shifts are offered. Whoever takes one is of its team while it lasts, and is offered its customers.
            </Text>
          )}
          {byDay(items, serverNow()).map(([day, shifts]) => (
            <section key={day} aria-label={day}>
              <Text size="sm" fw={600}>
                {day}
              </Text>
              <ul className={styles.list}>
                {shifts.map((shift) => (
                  <Row key={shift.id} shift={shift} all={items} supervises={supervises} act={act} />
                ))}
              </ul>
            </section>
          ))}
        </Stack>
      )}
    </Loaded>
  );
}

interface RowProps {
  shift: Shift;
  all: Shift[];
  supervises: boolean;
  act: (done: Promise<object | Problem>) => Promise<boolean>;
}

function Row({ shift, all, supervises, act }: RowProps) {
  const me = useDeskState((state) => state.session?.me.id ?? -1);
  const colleagues = useDeskState((state) => state.session?.colleagues);
  const isMine = shift.agent_ids.includes(me);
  const why = hindrance(shift, me, all);
  const others = shift.agent_ids.filter((id) => id !== me);
  const names = others.map((id) => colleagues?.find((colleague) => colleague.id === id)?.name ?? "somebody");
  const hours = `${clockTime(new Date(shift.starts_at))}–${clockTime(new Date(shift.ends_at))}`;
  return (
    <li data-testid="shift">
      <div className={styles.words}>
        <Group gap={8}>
          <span dir="auto">{shift.team}</span>
          {isMine && (
            <Badge size="sm" variant="light" color="teal">
              Yours
            </Badge>
          )}
        </Group>
        <Text size="xs" c="dimmed">
          {hours} · {placesLeft(shift)}
          {names.length > 0 && ` · with ${names.join(", ")}`}
        </Text>
      </div>
      {isMine ? (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => void act(giveBackShift(shift.id))}
          data-testid="shift-give-back"
          aria-label={`Give back ${shift.team}, ${hours}`}
        >
          Give back
        </Button>
      ) : why === "" ? (
        <Button
          size="compact-sm"
          onClick={() => void act(takeShift(shift.id))}
          data-testid="shift-take"
          aria-label={`Take ${shift.team}, ${hours}`}
        >
          Take
        </Button>
      ) : (
        <Text size="xs" c="dimmed">
          {why}
        </Text>
      )}
      {supervises && (
        <ActionIcon
          variant="subtle"
          color="gray"
          onClick={() => void act(withdrawShift(shift.id))}
          data-testid="shift-withdraw"
          aria-label={`Withdraw ${shift.team}, ${hours}`}
        >
          <IconTrash size={16} />
        </ActionIcon>
      )}
    </li>
  );
}
