// Who is here: asks the desk, shows the sign-in or the console, and comes back to the sign-in when the session ends.
import { Button, Center, Loader, Stack, Text } from "@mantine/core";
import { useCallback, useEffect, useState } from "react";
import { DeskContext } from "./desk/context";
import { Desk } from "./desk/desk";
import { type Explained, explain } from "./desk/errors";
import { type SignedIn, signOut, whoAmI } from "./desk/session";
import { tellRefused } from "./desk/toasts";
import { SignIn } from "./login/SignIn";
import { Shell } from "./shell/Shell";

type Stage =
  | { at: "asking" }
  | { at: "unreachable" }
  | { at: "signed-out"; notice: Explained | null }
  | { at: "signed-in"; agent: SignedIn };

export function App() {
  const [stage, setStage] = useState<Stage>({ at: "asking" });
  const ask = useCallback(() => {
    setStage({ at: "asking" });
    whoAmI().then(
      (agent) => setStage(agent === null ? { at: "signed-out", notice: null } : { at: "signed-in", agent }),
      () => setStage({ at: "unreachable" }),
    );
  }, []);
  useEffect(ask, [ask]);
  const onEnded = useCallback((notice: Explained | null) => setStage({ at: "signed-out", notice }), []);
  switch (stage.at) {
    case "asking":
      return (
        <Center h="100dvh">
          <Loader aria-label="Loading" />
        </Center>
      );
    case "unreachable":
      return <Unreachable onRetry={ask} />;
    case "signed-out":
      return <SignIn notice={stage.notice} onSignedIn={(agent) => setStage({ at: "signed-in", agent })} />;
    case "signed-in":
      return <Signed key={stage.agent.id} agent={stage.agent} onEnded={onEnded} />;
  }
}

function Signed({ agent, onEnded }: { agent: SignedIn; onEnded: (notice: Explained | null) => void }) {
  const [desk, setDesk] = useState<Desk | null>(null);
  useEffect(() => {
    const opened = new Desk(agent.id);
    const { connection } = opened.client;
    const stopListening = connection.subscribe(() => {
      const now = connection.get();
      if (now.state === "refused") onEnded(explain(now.code, now.message));
    });
    opened.start();
    setDesk(opened);
    const lookAgain = () => {
      if (document.visibilityState === "visible") opened.client.hurry();
    };
    addEventListener("online", opened.client.hurry);
    addEventListener("offline", opened.client.lose);
    document.addEventListener("visibilitychange", lookAgain);
    return () => {
      document.removeEventListener("visibilitychange", lookAgain);
      removeEventListener("online", opened.client.hurry);
      removeEventListener("offline", opened.client.lose);
      stopListening();
      opened.stop();
    };
  }, [agent.id, onEnded]);
  if (desk === null) return null;
  const leave = () => {
    signOut().then(
      () => onEnded(null),
      () => tellRefused("disconnected", ""),
    );
  };
  return (
    <DeskContext value={desk}>
      <Shell onSignOut={leave} />
    </DeskContext>
  );
}

function Unreachable({ onRetry }: { onRetry: () => void }) {
  return (
    <Center h="100dvh" p="md">
      <Stack align="center" gap="xs" ta="center">
        <Text fw={600}>The desk cannot be reached</Text>
        <Text c="dimmed" size="sm">
          Check your network connection. If others cannot reach it either, tell your administrator.
        </Text>
        <Button onClick={onRetry} mt="sm">
          Try again
        </Button>
      </Stack>
    </Center>
  );
}
