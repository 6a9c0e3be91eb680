// How a part of Automation begins: what it is about, and what can be added to it.
import { Group, Title } from "@mantine/core";
import type { ReactNode } from "react";

export function RoomHead({ id, title, children }: { id: string; title: string; children?: ReactNode }) {
  return (
    <Group justify="space-between" wrap="nowrap" mb={6}>
      <Title order={3} size="h5" id={id}>
        {title}
      </Title>
      {children}
    </Group>
  );
}
