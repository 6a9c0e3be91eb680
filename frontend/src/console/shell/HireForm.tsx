// An admin hires somebody, who signs in with this username and password.
import { NativeSelect, PasswordInput, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type Hired, hire, type Role } from "../desk/people";
import { isProblem } from "../desk/session";
import { EndsForm, OpensForm } from "./formParts";
import { ROLES } from "./PersonForm";
import { Said } from "./useAsked";

const NOBODY: Hired = { username: "", password: "", name: "", role: "agent" };

export function HireForm({ onDone }: { onDone: () => void }) {
  const [hired, setHired] = useState<Hired | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  if (hired === null) return <OpensForm label="Hire somebody" testId="hire" onClick={() => setHired(NOBODY)} />;
  const close = () => {
    setHired(null);
    setProblem(null);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const answer = await hire({ ...hired, name: hired.name.trim() });
    setBusy(false);
    if (isProblem(answer)) return setProblem(answer.advice);
    close();
    onDone();
  };
  const isGood = hired.username !== "" && hired.name.trim() !== "" && hired.password !== "";
  return (
    <form onSubmit={(event) => void submit(event)} aria-label="Somebody new">
      <Stack gap="sm">
        <Said problem={problem} />
        <TextInput
          label="Name"
          description="As customers read it"
          value={hired.name}
          onChange={(event) => setHired({ ...hired, name: event.currentTarget.value })}
          data-testid="hire-name"
          data-autofocus
        />
        <TextInput
          label="Username"
          autoComplete="off"
          value={hired.username}
          onChange={(event) => setHired({ ...hired, username: event.currentTarget.value })}
          data-testid="hire-username"
        />
        <PasswordInput
          label="First password"
          autoComplete="new-password"
          value={hired.password}
          onChange={(event) => setHired({ ...hired, password: event.currentTarget.value })}
          data-testid="hire-password"
        />
        <NativeSelect
          label="Role"
          data={ROLES}
          value={hired.role}
          onChange={(event) => setHired({ ...hired, role: event.currentTarget.value as Role })}
        />
        <EndsForm label="Hire" testId="hire-submit" isBusy={isBusy} isGood={isGood} onCancel={close} />
      </Stack>
    </form>
  );
}
