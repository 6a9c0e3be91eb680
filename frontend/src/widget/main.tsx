/** @jsxImportSource preact */
// The widget's entry inside its iframe: reads site key and locale from the address, ties page, chat and view.
import "./widget.css";
import { render } from "preact";
import { Store } from "../realtime";
import { Chat } from "./chat";
import { paletteOf } from "./color";
import { Frame } from "./frame";
import { unreadOf } from "./rows";
import { App } from "./view/App";
import { formatLocale, languageOf, validLocale, wordsFor } from "./words";

/** A page that says nothing about itself is not waited for longer. */
const PAGE_WAIT_MS = 600;

const siteKey = decodeURIComponent(location.pathname.split("/").filter(Boolean).at(-1) ?? "");
const locale = validLocale(new URLSearchParams(location.hash.slice(1)).get("locale") ?? navigator.language);
const chat = new Chat(siteKey, locale);
const visible = new Store(window.parent === window);
let identity: string | null = null;
let isStarted = false;

const frame = new Frame({
  onVisible: (open, page) => {
    visible.set(open);
    start(page);
  },
  onIdentify: (jwt) => {
    identity = jwt;
    if (isStarted) chat.identify(jwt);
  },
  onLogout: () => void chat.logout(),
});

function start(page: string | null): void {
  if (isStarted) return;
  isStarted = true;
  chat.start(page, identity);
}

function showLook(): void {
  const { site } = chat.state.get();
  if (site === null) return;
  const palette = paletteOf(site.color);
  const style = document.documentElement.style;
  style.setProperty("--color", palette.color);
  style.setProperty("--ink", palette.ink);
  style.setProperty("--accent-light", palette.accentOnLight);
  style.setProperty("--accent-dark", palette.accentOnDark);
  document.title = site.name;
  frame.tell({ supportdesk: "look", color: palette.color, ink: palette.ink });
}

let told = { unread: 0, seq: 0 };
function tellUnread(): void {
  const { timeline, status } = chat.followed.get();
  const unread = visible.get() ? 0 : unreadOf(timeline, chat.state.get().conversation?.customer_read_seq ?? 0);
  if (unread !== told.unread) frame.tell({ supportdesk: "unread", count: unread });
  const last = timeline.at(-1);
  const isNews = status === "ready" && told.seq > 0 && last !== undefined && last.seq > told.seq;
  if (isNews && last.author.kind !== "customer") frame.tell({ supportdesk: "message", author: last.author.kind });
  told = { unread, seq: status === "ready" ? (last?.seq ?? 0) : 0 };
}

chat.state.subscribe(showLook);
chat.state.subscribe(tellUnread);
chat.followed.subscribe(tellUnread);
visible.subscribe(tellUnread);
addEventListener("online", chat.client.hurry);
addEventListener("offline", chat.client.lose);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") chat.client.hurry();
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape") frame.tell({ supportdesk: "close" });
});

document.documentElement.lang = languageOf(locale);
const root = document.getElementById("app");
if (root === null) throw new Error("The page has no #app element.");
const setting = {
  chat,
  words: wordsFor(locale),
  locale: formatLocale(locale, navigator.languages),
  isEmbedded: frame.isEmbedded,
  onClose: () => frame.tell({ supportdesk: "close" }),
};
render(<App setting={setting} visible={visible} />, root);
if (frame.isEmbedded) {
  frame.tell({ supportdesk: "ready" });
  setTimeout(() => start(null), PAGE_WAIT_MS);
} else start(null);
