// A flow from what the customer wants to how it ends, top to bottom.
import { Text } from "@mantine/core";
import {
  IconCircleCheck,
  IconCircleX,
  IconHelpCircle,
  IconMessage,
  IconPlugConnected,
  IconShieldLock,
  IconThumbUp,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { intentName } from "../desk/automation";
import { type Flow, kindInWords, thenInWords } from "../desk/flows";
import { inWords } from "../desk/words";
import styles from "./flow.module.css";

const SIZE = 18;

export function FlowDrawn({ flow: { intent, action, spec } }: { flow: Flow }) {
  return (
    <ol className={styles.drawn} data-testid="flow-drawn">
      <Step icon={<IconMessage size={SIZE} />} title={`The customer wants “${intentName(intent)}”`} />
      {spec.slots.map((slot) => (
        <Step
          key={slot.name}
          icon={<IconHelpCircle size={SIZE} />}
          title={`Asks for ${inWords(slot.name).toLowerCase()}, unless it was said`}
          note={kindInWords(slot)}
          said={slot.ask}
        />
      ))}
      {action.identity === "proven" && (
        <Step
          icon={<IconShieldLock size={SIZE} />}
          title="Makes sure who is asking"
          note="signed in at the merchant’s, or a code by e-mail"
        />
      )}
      {spec.confirm !== null && <Step icon={<IconThumbUp size={SIZE} />} title="Asks for a yes" said={spec.confirm} />}
      <Step
        icon={<IconPlugConnected size={SIZE} />}
        title={`Calls the merchant: ${inWords(action.name).toLowerCase()}`}
        note={action.gives.length === 0 ? "" : `gives ${action.gives.join(", ")}`}
      />
      <li className={styles.ends}>
        <End icon={<IconCircleCheck size={SIZE} />} isGood title="Done" said={spec.done} />
        {Object.entries(spec.refusals).map(([code, { say, then }]) => (
          <End
            key={code}
            icon={<IconCircleX size={SIZE} />}
            title={`He refuses: ${inWords(code).toLowerCase()}`}
            said={say}
            note={thenInWords(then)}
          />
        ))}
        <End icon={<IconCircleX size={SIZE} />} title="Any other no, or no answer" note="a person takes over" />
      </li>
    </ol>
  );
}

interface StepProps {
  icon: ReactNode;
  title: string;
  note?: string;
  said?: string;
}

function Step({ icon, ...words }: StepProps) {
  return (
    <li className={styles.step}>
      <span className={styles.icon} aria-hidden="true">
        {icon}
      </span>
      <Words {...words} />
    </li>
  );
}

function End({ icon, isGood, ...words }: StepProps & { isGood?: boolean }) {
  return (
    <div className={styles.end} data-good={isGood}>
      <span aria-hidden="true">{icon}</span>
      <Words {...words} />
    </div>
  );
}

function Words({ title, note, said }: Omit<StepProps, "icon">) {
  return (
    <div className={styles.words}>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      {said !== undefined && (
        <Text size="sm" dir="auto">
          “{said}”
        </Text>
      )}
      {note !== undefined && note !== "" && (
        <Text size="xs" c="dimmed">
          {note}
        </Text>
      )}
    </div>
  );
}
