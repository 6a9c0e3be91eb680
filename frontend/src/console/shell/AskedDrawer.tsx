// A drawer that asks the desk each time it opens.
import { Drawer, type MantineSize } from "@mantine/core";
import type { ReactNode } from "react";
import type { Problem } from "../desk/session";
import { Loaded, useAsked } from "./useAsked";

interface Props<T extends object> {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  size?: MantineSize;
  testId: string;
  /** It must be stable. */
  question: () => Promise<T | Problem>;
  /** What is shown of the answer; `again` asks anew. */
  children: (found: T, again: () => void) => ReactNode;
}

export function AskedDrawer<T extends object>(props: Props<T>) {
  const { isOpen, onClose, title, size, testId, ...asking } = props;
  return (
    <Drawer opened={isOpen} onClose={onClose} position="right" size={size ?? "md"} title={title}>
      <div data-testid={testId}>{isOpen && <Room {...asking} />}</div>
    </Drawer>
  );
}

function Room<T extends object>({ question, children }: Pick<Props<T>, "question" | "children">) {
  const asked = useAsked(question);
  return <Loaded {...asked}>{(found) => children(found, asked.again)}</Loaded>;
}
