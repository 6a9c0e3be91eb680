// What the drawers' forms begin and end with.
import { Button, Group } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";

interface Opens {
  label: string;
  testId: string;
  onClick: () => void;
}

/** Stands where a form for something new will open. */
export function OpensForm({ label, testId, onClick }: Opens) {
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconPlus size={14} />}
      style={{ alignSelf: "flex-start" }}
      onClick={onClick}
      data-testid={testId}
    >
      {label}
    </Button>
  );
}

interface Ends {
  label: string;
  testId: string;
  isBusy: boolean;
  isGood?: boolean;
  onCancel: () => void;
}

export function EndsForm({ label, testId, isBusy, isGood = true, onCancel }: Ends) {
  return (
    <Group gap="xs">
      <Button type="submit" size="sm" disabled={!isGood} loading={isBusy} data-testid={testId}>
        {label}
      </Button>
      <Button size="sm" variant="default" onClick={onCancel}>
        Cancel
      </Button>
    </Group>
  );
}
