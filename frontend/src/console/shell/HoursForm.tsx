// The hours of one inbox or team as a supervisor types them: a line a day, a line a holiday.
import { Checkbox, Group, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { DAY_NAMES, DAYS, type Place, read, setHours, type Typed, typed } from "../desk/hours";
import { isProblem } from "../desk/session";
import { EndsForm } from "./formParts";
import styles from "./questions.module.css";
import { Said } from "./useAsked";

const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

interface Props {
  place: Place;
  onDone: () => void;
  onCancel: () => void;
}

export function HoursForm({ place, onDone, onCancel }: Props) {
  const [form, setForm] = useState<Typed>(() => typed(place.hours, HERE));
  const [wrong, setWrong] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const change = (part: Partial<Typed>) => {
    setForm({ ...form, ...part });
    setWrong(null);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = read(form);
    if ("wrong" in found) return setWrong(found.wrong);
    setBusy(true);
    const answer = await setHours(place, found.hours);
    setBusy(false);
    if (isProblem(answer)) setProblem(answer.advice);
    else onDone();
  };
  return (
    <form className={styles.words} onSubmit={(event) => void submit(event)} aria-label={`Hours of ${place.name}`}>
      <Stack gap="sm" py="xs">
        <Text fw={600} dir="auto">
          {place.name}
        </Text>
        <Said problem={problem} />
        <Select
          label="Time zone"
          data={ZONES.includes(form.tz) ? ZONES : [form.tz, ...ZONES]}
          value={form.tz}
          onChange={(tz) => change({ tz: tz ?? form.tz })}
          searchable
          allowDeselect={false}
          limit={50}
        />
        <Checkbox
          label={place.kind === "teams" ? "Whenever its inbox is open" : "Always open"}
          checked={form.isAlways}
          onChange={(event) => change({ isAlways: event.currentTarget.checked })}
          data-testid="hours-always"
        />
        {!form.isAlways &&
          DAYS.map((day) => (
            <Group key={day} wrap="nowrap" gap="sm" align="flex-start">
              <Text component="label" htmlFor={`hours-${day}`} size="sm" w={92} pt={7} style={{ flexShrink: 0 }}>
                {DAY_NAMES[day]}
              </Text>
              <TextInput
                id={`hours-${day}`}
                flex={1}
                value={form.days[day]}
                onChange={(event) => change({ days: { ...form.days, [day]: event.currentTarget.value } })}
                error={wrong === day ? "As 9:00-12:00, 13:00-18:00, or closed" : null}
                data-testid={`hours-${day}`}
              />
            </Group>
          ))}
        <Textarea
          label="Holidays"
          description="One a line: 2026-12-25 closed, or 2026-12-24 9:00-12:00"
          autosize
          minRows={2}
          maxRows={8}
          value={form.holidays}
          onChange={(event) => change({ holidays: event.currentTarget.value })}
          error={wrong === "holidays" ? "Each line is a date, then closed or the hours" : null}
          data-testid="hours-holidays"
        />
        <EndsForm label="Save" testId="hours-save" isBusy={isBusy} onCancel={onCancel} />
      </Stack>
    </form>
  );
}
