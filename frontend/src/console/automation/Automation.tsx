// What the bot may answer, for supervisors: limits and what they cost, topics for people, flows, versions of the model, golden questions.
import { Drawer, NativeSelect, Tabs } from "@mantine/core";
import { useState } from "react";
import { overview } from "../desk/automation";
import { Loaded, useAsked } from "../shell/useAsked";
import styles from "./automation.module.css";
import { Flows } from "./Flows";
import { Golden } from "./Golden";
import { Limits } from "./Limits";
import { Models } from "./Models";
import { Topics } from "./Topics";

export function Automation({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Drawer opened={isOpen} onClose={onClose} position="right" size="lg" title="Automation">
      <div data-testid="automation">{isOpen && <Rooms />}</div>
    </Drawer>
  );
}

function Rooms() {
  const asked = useAsked(overview);
  return (
    <Loaded {...asked}>
      {({ inboxes, intents }) => (
        <Tabs defaultValue="limits" keepMounted={false}>
          <Tabs.List mb="md" className={styles.tabs}>
            <Tabs.Tab value="limits">Limits</Tabs.Tab>
            <Tabs.Tab value="topics" data-testid="automation-topics">
              Only people
            </Tabs.Tab>
            <Tabs.Tab value="flows" data-testid="automation-flows">
              Flows
            </Tabs.Tab>
            <Tabs.Tab value="models" data-testid="automation-models">
              Models
            </Tabs.Tab>
            <Tabs.Tab value="golden" data-testid="automation-golden">
              Golden questions
            </Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="limits">
            <OfInbox inboxes={inboxes}>{(inbox) => <Limits key={inbox} inbox={inbox} intents={intents} />}</OfInbox>
          </Tabs.Panel>
          <Tabs.Panel value="topics">
            <Topics />
          </Tabs.Panel>
          <Tabs.Panel value="flows">
            <OfInbox inboxes={inboxes}>{(inbox) => <Flows key={inbox} inbox={inbox} intents={intents} />}</OfInbox>
          </Tabs.Panel>
          <Tabs.Panel value="models">
            <Models />
          </Tabs.Panel>
          <Tabs.Panel value="golden">
            <OfInbox inboxes={inboxes}>{(inbox) => <Golden key={inbox} inbox={inbox} intents={intents} />}</OfInbox>
          </Tabs.Panel>
        </Tabs>
      )}
    </Loaded>
  );
}

interface OfInboxProps {
  inboxes: { id: number; name: string }[];
  children: (inbox: number) => React.ReactNode;
}

/** The rooms of one inbox; where there are several, one is chosen. */
function OfInbox({ inboxes, children }: OfInboxProps) {
  const [chosen, setChosen] = useState(inboxes[0]?.id);
  if (chosen === undefined) return "There is no inbox yet.";
  return (
    <>
      {inboxes.length > 1 && (
        <NativeSelect
          label="Inbox"
          mb="md"
          value={chosen}
          onChange={(event) => setChosen(Number(event.currentTarget.value))}
          data={inboxes.map(({ id, name }) => ({ value: String(id), label: name }))}
        />
      )}
      {children(chosen)}
    </>
  );
}
