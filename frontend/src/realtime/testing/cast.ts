// The tests' cast: messages as ana writes them.
import type { Message } from "../../protocol";

export const CHAT = "0199aaaa-0000-7000-8000-000000000001";

export function message(seq: number, text = `message ${seq}`, clientId = `client-${seq}`): Message {
  return {
    conversation_id: CHAT,
    seq,
    client_id: clientId,
    author: { kind: "customer", id: "ana", name: "Ana" },
    text,
    notice: null,
    sources: [],
    posted_at: new Date(1_700_000_000_000 + seq * 1000).toISOString(),
  };
}
