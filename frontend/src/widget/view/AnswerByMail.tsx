/** @jsxImportSource preact */
// While nobody is there yet: where the answer goes if the customer does not stay, and a date if the wait is long.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { WaitRange } from "../../protocol";
import { isWaiting } from "../state";
import { useSetting } from "./context";
import { ClockIcon, MailIcon } from "./Icons";
import { useStore } from "./useStore";

const ADDRESS_CHARS = 254;

export function AnswerByMail(): JSX.Element | null {
  const { chat, words } = useSetting();
  const { conversation, site } = useStore(chat.state);
  const [isAsking, setAsking] = useState(false);
  if (conversation === null || !(isWaiting(conversation) || conversation.state === "callback")) return null;
  const { mail_to } = conversation;
  if (isAsking) return <AddressForm address={mail_to ?? ""} onDone={() => setAsking(false)} />;
  const isLong = conversation.place !== null && isLongWait(conversation.place.wait_s, site?.target_s);
  return (
    <div class="by-mail">
      {conversation.state === "queued" && isLong && (
        <button
          type="button"
          class="link callback"
          data-testid="take-callback"
          onClick={() => void chat.takeCallback()}
        >
          <ClockIcon /> {words.callbackAsk}
        </button>
      )}
      <span class="by-mail-ask">
        <MailIcon />
        {mail_to !== null && (
          <span data-testid="mail-to" dir="auto">
            {words.mailTo(mail_to)}
          </span>
        )}
        <button type="button" class="link" data-testid="answer-by-mail" onClick={() => setAsking(true)}>
          {mail_to === null ? words.mailAsk : words.mailChange}
        </button>
      </span>
    </div>
  );
}

/** Beyond the target, or nobody is there to say how long. */
const isLongWait = (wait: WaitRange | null, targetS = Number.POSITIVE_INFINITY) => wait === null || wait.high > targetS;

function AddressForm({ address, onDone }: { address: string; onDone: () => void }): JSX.Element {
  const { chat, words } = useSetting();
  const [text, setText] = useState(address);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const leave = async () => {
    setBusy(true);
    const refused = await chat.answerByMail(text.trim());
    setBusy(false);
    if (refused === null) onDone();
    else
      setProblem(
        refused === "bad_email" ? words.mailBad : refused === "rate_limited" ? words.mailEnough : words.problem,
      );
  };
  return (
    <form
      class="by-mail asking"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy && text.trim() !== "") void leave();
      }}
    >
      <label>
        {words.mailLabel}
        <input
          type="email"
          inputMode="email"
          autoComplete="email"
          required
          maxLength={ADDRESS_CHARS}
          data-testid="mail-address"
          value={text}
          aria-invalid={problem !== null}
          aria-describedby="mail-problem"
          ref={(input) => input?.focus()}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setProblem(null);
          }}
        />
      </label>
      <p id="mail-problem" class="mail-problem" role="alert">
        {problem}
      </p>
      <div class="by-mail-actions">
        <button type="button" class="person-button plain" onClick={onDone}>
          {words.mailNo}
        </button>
        <button type="submit" class="person-button filled" data-testid="mail-submit" disabled={isBusy}>
          {words.mailYes}
        </button>
      </div>
    </form>
  );
}
