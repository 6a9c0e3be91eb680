// What the loader on the merchant's page and the widget in its frame say to each other, by postMessage.
// Nothing secret but the merchant's signed identity crosses, and that only towards the desk's own origin.

export type ToFrame =
  | { readonly supportdesk: "visible"; readonly open: boolean; readonly page: string }
  | { readonly supportdesk: "identify"; readonly identity: string }
  | { readonly supportdesk: "logout" };

export type ToPage =
  | { readonly supportdesk: "ready" }
  | { readonly supportdesk: "close" }
  | { readonly supportdesk: "look"; readonly color: string; readonly ink: string }
  | { readonly supportdesk: "unread"; readonly count: number }
  | { readonly supportdesk: "message"; readonly author: string };

export function isBridged(data: unknown): data is ToFrame | ToPage {
  return typeof data === "object" && data !== null && "supportdesk" in data;
}
