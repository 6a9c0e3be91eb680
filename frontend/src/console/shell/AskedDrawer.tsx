// A drawer that asks the desk when it opens: what it shows meanwhile, and when there is no answer.
import { Button, Drawer, Loader, type MantineSize, Stack, Text } from "@mantine/core";
import { type ReactNode, useCallback, useEffect, useState } from "react";

interface Props<T extends object> {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  size?: MantineSize;
  testId: string;
  /** Null: there was no answer. It must be stable. */
  question: () => Promise<T | null>;
  /** What is shown of the answer; `again` asks anew, `fail` says that something did not work. */
  children: (found: T, again: () => void, fail: () => void) => ReactNode;
}

export function AskedDrawer<T extends object>(props: Props<T>) {
  const { isOpen, question } = props;
  const [shown, setShown] = useState<T | "asking" | "failed">("asking");
  const fail = useCallback(() => setShown("failed"), []);
  const again = useCallback(() => {
    setShown("asking");
    void question().then((found) => setShown(found ?? "failed"));
  }, [question]);
  useEffect(() => {
    if (isOpen) again();
  }, [isOpen, again]);
  return (
    <Drawer opened={isOpen} onClose={props.onClose} position="right" size={props.size ?? "md"} title={props.title}>
      <div data-testid={props.testId}>
        {shown === "asking" && <Loader size="sm" aria-label="Loading" />}
        {shown === "failed" && (
          <Stack gap="sm" align="flex-start">
            <Text size="sm">The desk could not be asked, or nothing was changed.</Text>
            <Button size="xs" onClick={again}>
              Try again
            </Button>
          </Stack>
        )}
        {typeof shown === "object" && props.children(shown, again, fail)}
      </div>
    </Drawer>
  );
}
