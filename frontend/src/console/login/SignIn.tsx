// The sign-in screen: one form, and errors that say what to do.
import { Alert, Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { type FormEvent, useRef, useState } from "react";
import type { Explained } from "../desk/errors";
import { type SignedIn, signIn } from "../desk/session";
import { Brand } from "../shell/Brand";
import styles from "./login.module.css";

export function SignIn({ onSignedIn, notice }: { onSignedIn: (agent: SignedIn) => void; notice: Explained | null }) {
  const [problem, setProblem] = useState<Explained | null>(notice);
  const [isBusy, setBusy] = useState(false);
  const password = useRef<HTMLInputElement>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    const result = await signIn(String(form.get("username")).trim(), String(form.get("password")));
    setBusy(false);
    if (result.ok) return onSignedIn(result.agent);
    setProblem(result);
    password.current?.select();
  }

  return (
    <main className={styles.page}>
      <Stack gap="lg" className={styles.column}>
        <Brand />
        <Paper withBorder className={styles.card}>
          <form onSubmit={submit}>
            <Stack gap="md">
              <div>
                <Title order={1} size="h3">
                  Sign in to your desk
                </Title>
                <Text c="dimmed" size="sm" mt={4}>
                  Use the account your supervisor gave you.
                </Text>
              </div>
              {problem !== null && (
                <Alert
                  color="red"
                  role="alert"
                  icon={<IconAlertCircle />}
                  title={problem.title}
                  data-testid="login-error"
                >
                  {problem.advice}
                </Alert>
              )}
              <TextInput
                label="Username"
                name="username"
                autoComplete="username"
                autoCapitalize="none"
                spellCheck={false}
                required
                withAsterisk={false}
                autoFocus
                size="md"
                data-testid="login-username"
              />
              <PasswordInput
                ref={password}
                label="Password"
                name="password"
                autoComplete="current-password"
                required
                withAsterisk={false}
                size="md"
                data-testid="login-password"
              />
              <Button type="submit" size="md" loading={isBusy} fullWidth data-testid="login-submit">
                Sign in
              </Button>
            </Stack>
          </form>
        </Paper>
        <Text size="xs" c="dimmed" ta="center">
          Forgot your password? Your supervisor can set a new one.
        </Text>
      </Stack>
    </main>
  );
}
