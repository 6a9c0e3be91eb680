// Who else is here, and how much they carry.
import { Text } from "@mantine/core";
import type { Availability } from "../../protocol";
import { useDeskState } from "../desk/context";
import { Dot } from "./Availability";
import styles from "./shell.module.css";

const state = (availability: Availability, reason: string) =>
  availability === "away" && reason !== "" ? `away (${reason})` : availability;

export function Colleagues() {
  const session = useDeskState((state) => state.session);
  const online = (session?.colleagues ?? [])
    .filter((colleague) => colleague.online && colleague.id !== session?.me.id)
    .toSorted((a, b) => a.availability.localeCompare(b.availability) * -1 || a.name.localeCompare(b.name));
  return (
    <section className={styles.colleagues} aria-label="Colleagues online">
      <Text size="xs" fw={600} c="dimmed">
        Colleagues online
      </Text>
      {online.length === 0 && (
        <Text size="xs" c="dimmed">
          Nobody else right now
        </Text>
      )}
      <ul>
        {online.map(({ id, name, availability, availability_reason: reason, load, capacity }) => (
          <li key={id} title={`${name} is ${state(availability, reason)} and has ${load} of ${capacity} chats`}>
            <Dot isAvailable={availability === "available"} />
            <span className={styles.colleague}>
              {name}
              <span className="visually-hidden">, {availability}</span>
              {availability === "away" && reason !== "" && <span className={styles.reason}> · {reason}</span>}
            </span>
            <span className={styles.load}>
              {load}/{capacity}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
