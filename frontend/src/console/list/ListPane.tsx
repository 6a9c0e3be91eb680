// The list of the chosen view: ordered, kept by pushes, read page by page.
import { Alert, Button, Skeleton, Stack, Text } from "@mantine/core";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useDesk, useDeskState } from "../desk/context";
import { currentRoute, go, type Route } from "../desk/route";
import { inView, VIEW_NAMES } from "../desk/views";
import { ConversationItem } from "./ConversationItem";
import { EmptyView } from "./EmptyView";
import styles from "./list.module.css";

const open = (id: string): void => go({ ...currentRoute(), conversation: id });

export function ListPane({ route }: { route: Route }) {
  const { view, conversation: selected } = route;
  const desk = useDesk();
  const page = useDeskState((state) => state.pages[view]);
  const isSignedIn = useDeskState((state) => state.session !== null);
  const [hasFailed, setFailed] = useState(false);
  const conversations = useVisible(route);
  const scroller = useRef<HTMLDivElement>(null);
  const load = useCallback(() => {
    setFailed(false);
    void desk.loadView(view).then((isRead) => setFailed(!isRead));
  }, [desk, view]);
  useEffect(() => {
    if (isSignedIn && !page.loaded) load();
  }, [isSignedIn, page.loaded, load]);
  useEffect(() => {
    scroller.current?.querySelector(`[data-id="${selected}"]`)?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  return (
    <section className={styles.pane} aria-label={VIEW_NAMES[view]}>
      <header className={styles.head}>
        <Text component="h1" fw={700} size="lg">
          {VIEW_NAMES[view]}
        </Text>
        <Count view={view} />
      </header>
      <div className={styles.scroll} ref={scroller}>
        {hasFailed && (
          <Alert color="orange" m="sm" title="The list could not be read">
            <Button size="xs" variant="default" onClick={load}>
              Try again
            </Button>
          </Alert>
        )}
        {conversations.length > 0 && (
          <ul className={styles.list}>
            {conversations.map((conversation) => (
              <ConversationItem
                key={conversation.id}
                conversation={conversation}
                isSelected={conversation.id === selected}
                onSelect={open}
              />
            ))}
          </ul>
        )}
        {conversations.length === 0 && (page.loaded ? <EmptyView view={view} /> : !hasFailed && <LoadingItems />)}
        {page.cursor !== null && <More key={page.cursor} onMore={() => desk.loadMore(view)} />}
      </div>
    </section>
  );
}

/** Also what `j` and `k` walk through. */
export function useVisible({ view }: Route) {
  const conversations = useDeskState((state) => state.conversations);
  const page = useDeskState((state) => state.pages[view]);
  const me = useDeskState((state) => state.session?.me.id ?? -1);
  return useMemo(() => inView(view, conversations.values(), me, page.edge), [view, conversations, me, page.edge]);
}

function Count({ view }: { view: Route["view"] }) {
  const count = useDeskState((state) => state.counts[view]);
  if (view === "closed") return null;
  return (
    <Text c="dimmed" size="sm">
      {count}
    </Text>
  );
}

function More({ onMore }: { onMore: () => Promise<boolean> }) {
  const [isBusy, setBusy] = useState(false);
  return (
    <div className={styles.more}>
      <Button
        variant="default"
        fullWidth
        size="xs"
        loading={isBusy}
        onClick={() => {
          setBusy(true);
          void onMore().finally(() => setBusy(false));
        }}
      >
        Show more
      </Button>
    </div>
  );
}

function LoadingItems() {
  return (
    <Stack p="md" gap="lg" aria-busy="true" aria-label="Loading conversations">
      {[0, 1, 2, 3].map((row) => (
        <Skeleton key={row} height={58} radius="md" />
      ))}
    </Stack>
  );
}
