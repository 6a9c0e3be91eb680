// What the bot does in an inbox: its flows, each switched on or off here, and one of them open.
import { Button, Switch, Text } from "@mantine/core";
import { useCallback, useState } from "react";
import { intentName } from "../desk/automation";
import { type Flow, flows, saveFlow } from "../desk/flows";
import { isProblem } from "../desk/session";
import { languageName } from "../desk/words";
import { Loaded, Said, useAsked } from "../shell/useAsked";
import styles from "./automation.module.css";
import { FlowRoom } from "./FlowRoom";
import { NewFlow } from "./NewFlow";
import { RoomHead } from "./RoomHead";

export function Flows({ inbox, intents }: { inbox: number; intents: string[] }) {
  const asked = useAsked(useCallback(() => flows(inbox), [inbox]));
  const [open, setOpen] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isAdding, setAdding] = useState(false);
  const added = (flow: Flow) => {
    setAdding(false);
    setOpen(flow.id);
    asked.again();
  };
  const turn = async (flow: Flow, isOn: boolean) => {
    const answer = await saveFlow(flow, isOn, null);
    setProblem(isProblem(answer) ? answer.advice : null);
    asked.again();
  };
  return (
    <Loaded {...asked}>
      {({ items, actions }) => {
        const opened = items.find(({ id }) => id === open);
        if (opened !== undefined)
          return (
            <FlowRoom key={opened.version} flow={opened} onBack={() => setOpen(null)} onSaved={() => asked.again()} />
          );
        return (
          <section aria-labelledby="flows">
            <RoomHead id="flows" title="What the bot does">
              {!isAdding && actions.length > 0 && (
                <Button size="compact-sm" flex="none" onClick={() => setAdding(true)} data-testid="flow-add">
                  Add a flow
                </Button>
              )}
            </RoomHead>
            <Text size="sm" c="dimmed" mb="sm">
              Where the bot recognises what is wanted it asks for what is missing, makes sure who is asking, and calls
              the merchant. One that is off is left to articles and people; customers who are in it finish it.
            </Text>
            <Said problem={problem} />
            {isAdding && (
              <NewFlow
                inbox={inbox}
                intents={intents}
                found={{ items, actions }}
                onAdded={added}
                onCancel={() => setAdding(false)}
              />
            )}
            <ul className={styles.list}>
              {items.map((flow) => (
                <Row
                  key={flow.id}
                  flow={flow}
                  onOpen={() => setOpen(flow.id)}
                  onTurn={(isOn) => void turn(flow, isOn)}
                />
              ))}
            </ul>
            {items.length === 0 && <Text size="sm">This inbox has no flow yet.</Text>}
          </section>
        );
      }}
    </Loaded>
  );
}

interface RowProps {
  flow: Flow;
  onOpen: () => void;
  onTurn: (isOn: boolean) => void;
}

function Row({ flow: { intent, language, spec, enabled, action, open_runs }, onOpen, onTurn }: RowProps) {
  const name = `${intentName(intent)}, ${languageName(language)}`;
  const inside = open_runs === 0 ? "" : `; ${open_runs} in it now`;
  return (
    <li className={styles.question} data-testid="flow" data-intent={intent} data-language={language}>
      <Switch
        checked={enabled}
        onChange={(event) => onTurn(event.currentTarget.checked)}
        aria-label={`${name}: the bot does it`}
      />
      <div className={styles.words}>
        {name}
        <Text size="xs" c="dimmed">
          <span dir="auto">{spec.title}</span>
          {action.identity === "proven" ? ", for those who prove who they are" : ", for everybody"}
          {inside}
        </Text>
      </div>
      <Button size="compact-sm" variant="default" onClick={onOpen} aria-label={`Open ${name}`}>
        Open
      </Button>
    </li>
  );
}
