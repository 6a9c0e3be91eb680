// What a polling wire needs of a dialect: each command said as a REST request, and how news are asked for.
import type { PushFrame, WireError } from "../../protocol";
import { Refusal } from "../refusal";
import type { Asked, World } from "../world";

export interface News {
  readonly pushes: readonly PushFrame[];
  /** As a pong's. */
  readonly last_seq: Readonly<Record<string, number>>;
}

export interface Speaker {
  /** A command's reply; rejects with a Refusal. */
  say(type: string, data: unknown): Promise<unknown>;
  news(): Promise<News>;
}

export type Call = (
  method: Asked["method"],
  path: string,
  body?: unknown,
  headers?: Asked["headers"],
) => Promise<unknown>;

export type Rest = (call: Call, world: Pick<World, "isHidden">) => Speaker;

/** One request: what the desk answered, or a Refusal; `disconnected` if it was not the desk that answered. */
export function calling(world: World): Call {
  return async (method, path, body, headers = {}) => {
    const lost = new Refusal("disconnected", "The desk did not answer.");
    const { status, body: answer } = await world.ask({ method, path, body, headers }).catch(() => {
      throw lost;
    });
    if (status < 400) return answer;
    const { error } = (answer ?? {}) as { error?: WireError };
    throw error === undefined ? lost : Refusal.of(error);
  };
}
