// The two dialects of the wire, so that one client serves customers and agents with full types.
import type {
  AgentCommands,
  AgentPushes,
  AgentSession,
  CustomerCommands,
  CustomerPushes,
  CustomerSession,
  DeskJoined,
  Joined,
} from "../protocol";

export interface Customers {
  commands: CustomerCommands;
  pushes: CustomerPushes;
  session: CustomerSession;
  joined: Joined;
}

export interface Agents {
  commands: AgentCommands;
  pushes: AgentPushes;
  session: AgentSession;
  joined: DeskJoined;
}

export type Dialect = Customers | Agents;
export type CommandType<D extends Dialect> = keyof D["commands"] & string;
export type PushType<D extends Dialect> = keyof D["pushes"] & string;
export type DataOf<D extends Dialect, K extends CommandType<D>> = D["commands"][K] extends { data: infer T }
  ? T
  : never;
export type ReplyOf<D extends Dialect, K extends CommandType<D>> = D["commands"][K] extends { reply: infer T }
  ? T
  : never;
