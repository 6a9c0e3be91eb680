// The views and how many conversations each holds; a side rail on wide screens, tabs at the foot on phones.
import { UnstyledButton } from "@mantine/core";
import { IconArchive, IconCalendarTime, IconInbox, IconListDetails, IconMessages } from "@tabler/icons-react";
import type { ListView } from "../../protocol";
import { useDeskState } from "../desk/context";
import { go } from "../desk/route";
import { isUnread, VIEW_NAMES, VIEWS } from "../desk/views";
import styles from "./shell.module.css";

const ICONS: Record<ListView, typeof IconInbox> = {
  queue: IconInbox,
  mine: IconMessages,
  callbacks: IconCalendarTime,
  open: IconListDetails,
  closed: IconArchive,
};

export function Views({ chosen }: { chosen: ListView }) {
  const counts = useDeskState((state) => state.counts);
  const hasUnread = useDeskState(
    (state) =>
      state.session !== null &&
      [...state.conversations.values()].some(
        (c) => c.state === "assigned" && c.agent?.id === state.session?.me.id && isUnread(c),
      ),
  );
  return (
    <nav className={styles.views} aria-label="Views">
      {VIEWS.map((view) => {
        const Icon = ICONS[view];
        const name = view === "mine" && hasUnread ? "My chats, unread messages" : undefined;
        return (
          <UnstyledButton
            key={view}
            className={styles.view}
            aria-current={view === chosen ? "page" : undefined}
            onClick={() => go({ view, conversation: null })}
            data-testid={`view-${view}`}
            data-view={view}
          >
            <span className={styles.icon}>
              <Icon size={20} stroke={1.7} aria-hidden="true" />
              {name !== undefined && <span className={styles.unread} role="img" aria-label="unread messages" />}
            </span>
            <span className={styles.name}>{VIEW_NAMES[view]}</span>
            {view !== "closed" && counts[view] > 0 && (
              <span className={styles.count} data-hot={view === "queue"}>
                {counts[view]}
              </span>
            )}
          </UnstyledButton>
        );
      })}
    </nav>
  );
}
