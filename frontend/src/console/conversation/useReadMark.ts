// Tells the desk what the assignee has seen: only while the page is in front.
import { useDocumentVisibility } from "@mantine/hooks";
import { useEffect } from "react";
import type { DeskConversation } from "../../protocol";
import { useDesk } from "../desk/context";
import type { Room } from "../desk/room";

export function useReadMark({ id, agent_read_seq }: DeskConversation, room: Room, isMine: boolean): void {
  const desk = useDesk();
  const visibility = useDocumentVisibility();
  const lastSeq = room.messages.at(-1)?.seq ?? 0;
  useEffect(() => {
    if (isMine && visibility === "visible" && room.status === "ready" && lastSeq > agent_read_seq)
      desk.read(id, lastSeq);
  }, [desk, id, isMine, visibility, room.status, lastSeq, agent_read_seq]);
}
