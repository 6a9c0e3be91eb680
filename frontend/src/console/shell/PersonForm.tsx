// What one agent can do, as a supervisor types it; for admins also the role, and whether they may sign in.
import { Checkbox, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useDeskState } from "../desk/context";
import {
  changePerson,
  type Person,
  type Role,
  readLanguages,
  readSkills,
  type Team,
  writtenSkills,
} from "../desk/people";
import { isProblem } from "../desk/session";
import { EndsForm } from "./formParts";
import styles from "./questions.module.css";
import { Said } from "./useAsked";

export const ROLES: { value: Role; label: string }[] = [
  { value: "agent", label: "Agent" },
  { value: "supervisor", label: "Supervisor" },
  { value: "admin", label: "Admin" },
];
const CAPACITY_MOST = 100;

interface Props {
  person: Person;
  teams: Team[];
  onDone: () => void;
  onCancel: () => void;
}

export function PersonForm({ person, teams, onDone, onCancel }: Props) {
  const me = useDeskState((state) => state.session?.me);
  const [capacity, setCapacity] = useState(String(person.capacity));
  const [skillsText, setSkills] = useState(writtenSkills(person.levels));
  const [languagesText, setLanguages] = useState(person.languages.join(", "));
  const [teamIds, setTeamIds] = useState(teams.filter(({ name }) => person.teams.includes(name)).map(({ id }) => id));
  const [picks, setPicks] = useState(person.can_pick);
  const [role, setRole] = useState(person.role);
  const [isActive, setActive] = useState(person.is_active);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const skills = readSkills(skillsText);
  const languages = readLanguages(languagesText);
  const units = /^\d+$/.test(capacity) && Number(capacity) <= CAPACITY_MOST ? Number(capacity) : null;
  const employs = me?.role === "admin" && me.id !== person.id;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (skills === null || languages === null || units === null) return;
    setBusy(true);
    const answer = await changePerson(person.id, {
      capacity: units,
      skills,
      languages,
      team_ids: teamIds,
      ...(person.role === "agent" ? { can_pick: picks } : {}),
      ...(employs ? { role, is_active: isActive } : {}),
    });
    setBusy(false);
    if (isProblem(answer)) setProblem(answer.advice);
    else onDone();
  };
  return (
    <form className={styles.words} onSubmit={(event) => void submit(event)} aria-label={`What ${person.name} can do`}>
      <Stack gap="sm" py="xs">
        <Text fw={600} dir="auto">
          {person.name}
        </Text>
        <Said problem={problem} />
        <TextInput
          label="Chats at a time"
          inputMode="numeric"
          value={capacity}
          onChange={(event) => setCapacity(event.currentTarget.value)}
          error={units === null ? `A number up to ${CAPACITY_MOST}` : null}
          data-testid="person-capacity"
        />
        <TextInput
          label="Skills"
          description="With a level from 1 to 5: fraud:5, lamps"
          value={skillsText}
          onChange={(event) => setSkills(event.currentTarget.value)}
          error={skills === null ? "As fraud:5, lamps" : null}
          data-testid="person-skills"
        />
        <TextInput
          label="Languages"
          value={languagesText}
          onChange={(event) => setLanguages(event.currentTarget.value)}
          error={languages === null ? "Codes, as en, de" : null}
        />
        {teams.map(({ id, name }) => (
          <Checkbox
            key={id}
            label={`Team ${name}`}
            checked={teamIds.includes(id)}
            onChange={({ currentTarget }) =>
              setTeamIds(currentTarget.checked ? [...teamIds, id] : teamIds.filter((t) => t !== id))
            }
          />
        ))}
        {person.role === "agent" && (
          <Checkbox
            label="May pick conversations out of the queue"
            checked={picks}
            onChange={(event) => setPicks(event.currentTarget.checked)}
            data-testid="person-picks"
          />
        )}
        {employs && (
          <>
            <NativeSelect
              label="Role"
              data={ROLES}
              value={role}
              onChange={(event) => setRole(event.currentTarget.value as Role)}
            />
            <Checkbox
              label="May sign in"
              checked={isActive}
              onChange={(event) => setActive(event.currentTarget.checked)}
              data-testid="person-active"
            />
          </>
        )}
        <EndsForm label="Save" testId="person-save" isBusy={isBusy} onCancel={onCancel} />
      </Stack>
    </form>
  );
}
