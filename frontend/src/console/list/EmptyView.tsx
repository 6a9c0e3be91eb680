// What an empty view says: why it is empty and what would fill it.
import { Text } from "@mantine/core";
import { IconArchive, IconCalendarTime, IconCoffee, IconInbox, IconMessages } from "@tabler/icons-react";
import type { ListView } from "../../protocol";
import { useDeskState } from "../desk/context";
import styles from "./list.module.css";

const EMPTY: Record<ListView, { icon: typeof IconInbox; title: string; text: string }> = {
  queue: { icon: IconCoffee, title: "Nobody is waiting", text: "Customers who need a person show up here." },
  mine: {
    icon: IconMessages,
    title: "No chats with you",
    text: "Conversations are offered to you one by one.",
  },
  callbacks: {
    icon: IconCalendarTime,
    title: "No promises are open",
    text: "Customers who were promised a call back or an e-mail show up here.",
  },
  open: { icon: IconInbox, title: "All quiet", text: "Every conversation that is not closed shows up here." },
  closed: { icon: IconArchive, title: "Nothing closed yet", text: "Finished conversations are kept here." },
};

export function EmptyView({ view }: { view: ListView }) {
  const { icon: Icon, title, text } = EMPTY[view];
  const isAway = useDeskState((state) => state.session?.me.availability === "away");
  return (
    <div className={styles.empty}>
      <Icon size={36} stroke={1.4} aria-hidden="true" />
      <Text fw={600}>{title}</Text>
      <Text size="sm" c="dimmed">
        {view === "mine" && isAway ? "Set yourself available, and conversations are offered to you one by one." : text}
      </Text>
    </div>
  );
}
