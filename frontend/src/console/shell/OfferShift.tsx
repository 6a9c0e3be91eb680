// A supervisor offers a shift: of which team, when, and for how many.
import { Button, Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useDeskState } from "../desk/context";
import { serverNow } from "../desk/session";
import { between, type NewShift } from "../desk/shifts";

const PLACES_MOST = 500;
const DAY_MS = 86_400_000;

export function OfferShift({ onOffer }: { onOffer: (shift: NewShift) => Promise<boolean> }) {
  const [isOpen, setOpen] = useState(false);
  if (!isOpen)
    return (
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={14} />}
        style={{ alignSelf: "flex-start" }}
        onClick={() => setOpen(true)}
        data-testid="shift-new"
      >
        Offer a shift
      </Button>
    );
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
        <Group gap="xs">
          <Button type="submit" size="sm" disabled={!isGood} loading={isBusy} data-testid="shift-offer">
            Offer
          </Button>
          <Button size="sm" variant="default" onClick={onDone}>
            Cancel
          </Button>
        </Group>
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
