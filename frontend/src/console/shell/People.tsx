// Who answers, for supervisors: what each agent can do, and for admins who is of the desk and as what.
import { Badge, Button, Drawer, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useDeskState } from "../desk/context";
import { abilities, type Person, staff } from "../desk/people";
import { HireForm } from "./HireForm";
import { PersonForm } from "./PersonForm";
import styles from "./questions.module.css";
import { Loaded, useAsked } from "./useAsked";

const ROLE_NAMES = { agent: null, supervisor: "Supervisor", admin: "Admin" } as const;

export function People({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Drawer opened={isOpen} onClose={onClose} position="right" size="md" title="People">
      <div data-testid="people">
        <Staff />
      </div>
    </Drawer>
  );
}

function Staff() {
  const asked = useAsked(staff);
  const isAdmin = useDeskState((state) => state.session?.me.role === "admin");
  const [editing, setEditing] = useState<number | null>(null);
  const done = () => {
    setEditing(null);
    asked.again();
  };
  return (
    <Loaded {...asked}>
      {({ agents, teams }) => (
        <Stack gap="sm">
          {isAdmin && <HireForm onDone={asked.again} />}
          <ul className={styles.list}>
            {agents.map((person) =>
              editing === person.id ? (
                <li key={person.id}>
                  <PersonForm person={person} teams={teams} onDone={done} onCancel={() => setEditing(null)} />
                </li>
              ) : (
                <Row key={person.id} person={person} onEdit={() => setEditing(person.id)} />
              ),
            )}
          </ul>
        </Stack>
      )}
    </Loaded>
  );
}

function Row({ person, onEdit }: { person: Person; onEdit: () => void }) {
  const role = ROLE_NAMES[person.role];
  return (
    <li data-testid="person">
      <div className={styles.words}>
        <span dir="auto">{person.name}</span>{" "}
        {role !== null && (
          <Badge size="sm" variant="light">
            {role}
          </Badge>
        )}
        {!person.is_active && (
          <Badge size="sm" variant="light" color="gray">
            Let go
          </Badge>
        )}
        <Text size="xs" c="dimmed">
          {abilities(person)}
        </Text>
      </div>
      <Button size="compact-sm" variant="default" onClick={onEdit} aria-label={`Change ${person.name}`}>
        Change
      </Button>
    </li>
  );
}
