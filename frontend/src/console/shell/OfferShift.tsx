// A supervisor offers a shift: of which team, when, and for how many.
import { Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useDeskState } from "../desk/context";
import { serverNow } from "../desk/session";
import { between, type NewShift } from "../desk/shifts";
import { EndsForm, OpensForm } from "./formParts";

const PLACES_MOST = 500;
const DAY_MS = 86_400_000;

export function OfferShift({ onOffer }: { onOffer: (shift: NewShift) => Promise<boolean> }) {
  const [isOpen, setOpen] = useState(false);
  if (!isOpen) return <OpensForm label="Offer a shift" testId="shift-new" onClick={() => setOpen(true)} />;
  return <Form onOffer={onOffer} onDone={() => setOpen(false)} />;
}

function Form({ onOffer, onDone }: { onOffer: (shift: NewShift) => Promise<boolean>; onDone: () => void }) {
  const teams = useDeskState((state) => state.session?.teams);
  const [team, setTeam] = useState(String(teams?.[0]?.id ?? ""));
  const [day, setDay] = useState(() => localDay(serverNow() + DAY_MS));
  const [from, setFrom] = useState("09:00");
  const [to, setTo] = useState("13:00");
  const [places, setPlaces] = useState("1");
  const [isBusy, setBusy] = useState(false);
  const when = between(day, from, to);
  const count = Number(places);
  const isGood = team !== "" && when !== null && Number.isInteger(count) && count >= 1 && count <= PLACES_MOST;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isGood || when === null) return;
    setBusy(true);
    void onOffer({ team_id: Number(team), ...when, places: count })
      .then((isDone) => isDone && onDone())
      .finally(() => setBusy(false));
  };
  return (
    <form onSubmit={submit} aria-label="A shift">
      <Stack gap="sm">
        <NativeSelect
          label="Team"
          value={team}
          onChange={(event) => setTeam(event.currentTarget.value)}
          data={(teams ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
          data-autofocus
        />
        <Group grow align="flex-start">
          <TextInput type="date" label="Day" value={day} onChange={(event) => setDay(event.currentTarget.value)} />
          <TextInput
            label="Places"
            inputMode="numeric"
            value={places}
            onChange={(event) => setPlaces(event.currentTarget.value)}
            data-testid="shift-places"
          />
        </Group>
        <Group grow align="flex-start">
          <TextInput type="time" label="From" value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
          <TextInput
            type="time"
            label="To"
            description={when !== null && to <= from ? "on the next day" : undefined}
            inputWrapperOrder={["label", "input", "description"]}
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
        </Group>
        <EndsForm label="Offer" testId="shift-offer" isBusy={isBusy} isGood={isGood} onCancel={onDone} />
      </Stack>
    </form>
  );
}

/** As a date input writes it, in the reader's own time zone. */
function localDay(ms: number): string {
  const day = new Date(ms);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
