// Asking the desk once, and again on request; what to show while it is asked and when it does not answer.
import { Alert, Button, Loader, Stack } from "@mantine/core";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { isProblem, type Problem } from "../desk/session";

export interface Asked<T> {
  readonly shown: T | Problem | null;
  readonly again: () => void;
}

/** `question` must be stable. What was shown stays until the new answer is there. */
export function useAsked<T extends object>(question: () => Promise<T | Problem>): Asked<T> {
  const [shown, setShown] = useState<T | Problem | null>(null);
  const again = useCallback(() => void question().then(setShown), [question]);
  useEffect(again, [again]);
  return { shown, again };
}

export function Loaded<T extends object>({ shown, again, children }: Asked<T> & { children: (found: T) => ReactNode }) {
  if (shown === null) return <Loader size="sm" aria-label="Loading" />;
  if (!isProblem(shown)) return children(shown);
  return (
    <Stack gap="sm" align="flex-start">
      <Said problem={shown.advice} />
      <Button size="xs" onClick={again}>
        Try again
      </Button>
    </Stack>
  );
}

/** What went wrong and what to do, where it happened. */
export function Said({ problem }: { problem: string | null }) {
  if (problem === null) return null;
  return (
    <Alert color="red" variant="light" role="alert" w="100%">
      {problem}
    </Alert>
  );
}
