// A sentence tried on the rules, saved or not yet: which rule takes it, by which words.
import { Button, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { isProblem, type Problem } from "../desk/session";
import { type Draft, type Taken, type Tried, tryTopics } from "../desk/topics";
import { languageName } from "../desk/words";
import styles from "./automation.module.css";

/** `draft` null: by the rules as they are saved. */
export function Try({ draft }: { draft: Draft | null }) {
  const [text, setText] = useState("");
  const [tried, setTried] = useState<Tried | Problem | null>(null);
  const [isAsking, setAsking] = useState(false);
  const ask = (event: FormEvent) => {
    event.preventDefault();
    setAsking(true);
    void tryTopics(text, draft)
      .then(setTried)
      .finally(() => setAsking(false));
  };
  return (
    <form className={styles.form} onSubmit={ask} aria-label="Try a sentence">
      <div className={styles.asking}>
        <TextInput
          label={draft === null ? "Try a sentence" : "Try a sentence before you save"}
          placeholder="Somebody ordered with my card"
          maxLength={2000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          data-testid="try-text"
        />
        <Button type="submit" variant="default" loading={isAsking} disabled={text.trim() === ""} data-testid="try">
          Try
        </Button>
      </div>
      {tried !== null && (
        <div role="status" data-testid="tried">
          {isProblem(tried) ? <Text size="sm">{tried.advice}</Text> : <Found tried={tried} />}
        </div>
      )}
    </form>
  );
}

function Found({ tried: { found, messages, newly, no_more, samples } }: { tried: Tried }) {
  return (
    <>
      {found === null ? (
        <Text size="sm">No rule takes it: whether the bot answers is decided by what follows.</Text>
      ) : (
        <Why found={found} />
      )}
      {messages > 0 && (
        <Text size="sm" mt={6}>
          {recently(messages, newly, no_more)}
          {samples.length > 0 && (
            <span className={styles.samples} dir="auto">
              {" "}
              For instance {samples.map((each) => `“${each.slice(0, 80)}”`).join(", ")}
            </span>
          )}
        </Text>
      )}
    </>
  );
}

function Why({ found: { about, words, language, rule, is_own, line } }: { found: Taken }) {
  return (
    <Text size="sm">
      <b>Goes to a person</b>: “{words}” touches {about}, by {is_own ? "your line" : "the shipped rule"}{" "}
      <code className={styles.rule}>{is_own ? line : rule}</code> in {languageName(language)}.
    </Text>
  );
}

function recently(messages: number, newly: number, noMore: number): string {
  const changes = [
    newly > 0 ? `${newly} would now go to a person` : "",
    noMore > 0 ? `${noMore} would no longer` : "",
  ].filter(Boolean);
  const of = messages === 1 ? "your customers’ last message" : `your customers’ last ${messages} messages`;
  return changes.length === 0 ? `Of ${of} none would come out otherwise.` : `Of ${of} ${changes.join(", ")}.`;
}
