// When people answer, for supervisors: the hours and holidays of each inbox and team.
import { Button, Drawer, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { type Place, places, summary } from "../desk/hours";
import { HoursForm } from "./HoursForm";
import styles from "./questions.module.css";
import { Loaded, useAsked } from "./useAsked";

export function OpeningHours({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Drawer opened={isOpen} onClose={onClose} position="right" size="md" title="Opening hours">
      <div data-testid="hours">
        <Places />
      </div>
    </Drawer>
  );
}

function Places() {
  const asked = useAsked(places);
  const [editing, setEditing] = useState<string | null>(null);
  const done = () => {
    setEditing(null);
    asked.again();
  };
  return (
    <Loaded {...asked}>
      {({ all }) => (
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            Who asks for a person outside them is promised a date. A team answers while its inbox is open, too.
          </Text>
          <ul className={styles.list}>
            {all.map((place) =>
              editing === key(place) ? (
                <li key={key(place)}>
                  <HoursForm place={place} onDone={done} onCancel={() => setEditing(null)} />
                </li>
              ) : (
                <Row key={key(place)} place={place} onEdit={() => setEditing(key(place))} />
              ),
            )}
          </ul>
        </Stack>
      )}
    </Loaded>
  );
}

const key = ({ kind, id }: Place) => `${kind}-${id}`;

function Row({ place, onEdit }: { place: Place; onEdit: () => void }) {
  const { kind, name, hours } = place;
  const holidays = Object.keys(hours.holidays ?? {}).length;
  return (
    <li data-testid="hours-of">
      <div className={styles.words}>
        <span dir="auto">{name}</span>
        <Text size="xs" c="dimmed">
          {kind === "teams" && "Team · "}
          {kind === "teams" && summary(hours) === "Always open" ? "Whenever its inbox is open" : summary(hours)}
          {holidays > 0 && ` · ${holidays === 1 ? "1 holiday" : `${holidays} holidays`}`}
          {hours.tz !== undefined && ` · ${hours.tz}`}
        </Text>
      </div>
      <Button size="compact-sm" variant="default" onClick={onEdit} aria-label={`Change the hours of ${name}`}>
        Change
      </Button>
    </li>
  );
}
