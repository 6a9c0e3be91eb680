// The desk for React components: one instance in a context, read through selectors.
import { createContext, useContext, useMemo, useSyncExternalStore } from "react";
import type { Connection } from "../../realtime";
import type { Desk } from "./desk";
import type { Room } from "./room";
import type { DeskState } from "./state";

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === null) throw new Error("useDesk needs a signed-in agent.");
  return desk;
}

/** `select` must return a part of the state, not something made anew each time. */
export function useDeskState<T>(select: (state: DeskState) => T): T {
  const { state } = useDesk();
  return useSyncExternalStore(state.subscribe, () => select(state.get()));
}

export function useConnection(): Connection {
  const { connection } = useDesk().client;
  return useSyncExternalStore(connection.subscribe, connection.get);
}

export function useRoom(id: string): Room {
  const { rooms } = useDesk();
  const room = useMemo(() => rooms.open(id), [rooms, id]);
  return useSyncExternalStore(room.subscribe, room.get);
}
