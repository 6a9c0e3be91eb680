// A question with one optional line of text: return to the bot, close.
import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";

interface Props {
  isOpen: boolean;
  title: string;
  text: string;
  label: string;
  placeholder: string;
  submit: string;
  submitTestId: string;
  onSubmit: (reason: string) => Promise<boolean>;
  onDone: () => void;
}

export function ReasonDialog({ isOpen, title, text, onDone, ...form }: Props) {
  return (
    <Modal opened={isOpen} onClose={onDone} title={title} centered>
      <Text size="sm" mb="md">
        {text}
      </Text>
      <ReasonForm {...form} onDone={onDone} />
    </Modal>
  );
}

type FormProps = Omit<Props, "isOpen" | "title" | "text">;

function ReasonForm({ label, placeholder, submit, submitTestId, onSubmit, onDone }: FormProps) {
  const [reason, setReason] = useState("");
  const [isBusy, setBusy] = useState(false);

  async function send(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    const isDone = await onSubmit(reason.trim());
    setBusy(false);
    if (isDone) onDone();
  }

  return (
    <form onSubmit={send}>
      <Stack gap="md">
        <TextInput
          label={label}
          placeholder={placeholder}
          maxLength={500}
          dir="auto"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-autofocus
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy} data-testid={submitTestId}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
