/** @jsxImportSource preact */
// Always on screen: who the customer is with, and the way to a person. While one is coming it says when.
import type { JSX } from "preact";
import { type ChatState, isEnded, isWaiting } from "../state";
import { due, type Words, waitText } from "../words";
import { Avatar } from "./Avatar";
import { useSetting } from "./context";
import { PersonIcon } from "./Icons";
import { useStore } from "./useStore";

export function PersonBar(): JSX.Element {
  const { chat, words, locale } = useSetting();
  const state = useStore(chat.state);
  const { conversation, wantsPerson } = state;
  const agent = conversation?.state === "assigned" ? conversation.agent : null;
  const isComing = isWaiting(conversation) || wantsPerson;
  return (
    <section class={`person-bar ${isComing ? "coming" : ""}`}>
      {agent !== null && <Avatar kind="agent" name={agent.name} />}
      {isComing && <span class="pulse" aria-hidden="true" />}
      <div class="person-words" role="status">
        <p class="person-title" dir="auto">
          {titleOf(state, words, locale)}
        </p>
        {isWaiting(conversation) && (
          <p class="person-detail" data-testid="queue-place" data-place={conversation?.place?.position ?? ""}>
            {conversation?.place
              ? `${words.place(conversation.place.position)}\u00a0· ${waitText(words, conversation.place.wait_s)}`
              : "…"}
          </p>
        )}
      </div>
      <button
        type="button"
        class="person-button"
        data-testid="talk-to-person"
        aria-disabled={isComing || agent !== null}
        onClick={() => {
          if (!isComing && agent === null) void chat.requestPerson();
        }}
      >
        {agent === null && !isComing && <PersonIcon />}
        {agent !== null ? words.personHere : isComing ? words.personComing : words.talkToPerson}
      </button>
    </section>
  );
}

function titleOf({ conversation, site, wantsPerson }: ChatState, words: Words, locale: string): string {
  if (conversation?.state === "assigned") return words.withAgent(conversation.agent?.name ?? "");
  if (isWaiting(conversation)) return words.queued;
  if (wantsPerson) return words.askedOffline;
  if (conversation?.state === "callback") return words.callback(due(conversation, locale));
  if (isEnded(conversation)) return words.ended;
  if (conversation === null) return site !== null && !site.is_open ? words.away : words.askAnything;
  return words.withAssistant;
}
