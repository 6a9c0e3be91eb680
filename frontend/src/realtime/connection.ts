// How a link stands, and what it is given to work with.
import type { Pong, PushFrame } from "../protocol";
import type { DataOf, Dialect } from "./protocol";
import type { Refusal, RefusalCode } from "./refusal";
import type { Rest } from "./rest/speaker";

/** `isLimited`: by polling. `refused`: the desk will not have us (see `code`), and trying again would not help. */
export type Connection =
  | { readonly state: "connecting" | "offline" | "stopped" }
  | { readonly state: "online"; readonly isLimited: boolean }
  | { readonly state: "refused"; readonly code: RefusalCode; readonly message: string };

export interface LinkOptions<D extends Dialect> {
  readonly url: string;
  /** The way without sockets. */
  readonly rest?: Rest;
  /** What `session.open` sends; asked before each connection. */
  readonly hello: () => DataOf<D, "session.open">;
  readonly onSession: (session: D["session"]) => void;
  readonly onPush: (push: PushFrame) => void;
  readonly onPong: (pong: Pong) => void;
  /** May repair the cause (forget a dead token) and ask for another try. */
  readonly onRefused?: (why: Refusal) => "again" | "stop";
}
