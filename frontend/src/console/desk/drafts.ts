// What an agent has begun to write, kept per conversation and tab until it is sent.

export type Mode = "reply" | "note" | "whisper";

const key = (conversation: string, mode: Mode): string => `supportdesk.draft.${mode}.${conversation}`;

/** Without storage (private windows) drafts simply live as long as the page. */
const memory = new Map<string, string>();

export function draft(conversation: string, mode: Mode): string {
  const at = key(conversation, mode);
  try {
    return window.sessionStorage.getItem(at) ?? "";
  } catch {
    return memory.get(at) ?? "";
  }
}

export function keepDraft(conversation: string, mode: Mode, text: string): void {
  const at = key(conversation, mode);
  try {
    if (text === "") window.sessionStorage.removeItem(at);
    else window.sessionStorage.setItem(at, text);
  } catch {
    memory.set(at, text);
  }
}
