// The launcher button and the frame it opens. The frame is made on first use, or at once for a returning customer.
import { isBridged, type ToFrame, type ToPage } from "./bridge";
import { STYLE } from "./style";
import { wordsFor } from "./words";

export interface LauncherOptions {
  readonly desk: string;
  readonly siteKey: string;
  readonly locale: string;
  readonly identity: string | null;
}

type EventName = "open" | "close" | "unread" | "message" | "ready";
type Listener = (detail: unknown) => void;

const PHONE = "(max-width:520px),(max-height:480px)";
const ICONS =
  '<svg class="c" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round"><path d="M4 5.5h16a1 1 0 0 1 1 1v9.5a1 1 0 0 1-1 1h-8.2L7 21v-4H4a1 1 0 0 1-1-1V6.500a1 1 0 0 1 1-1Z"/><path d="M7.500 9.700h9M7.500 13h5.500" stroke-linecap="round"/></svg>' +
  '<svg class="x" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"><path d="m6 6 12 12M18 6 6 18"/></svg>';

export class Launcher {
  private readonly host = document.createElement("div");
  private readonly button = document.createElement("button");
  private readonly badge = document.createElement("b");
  private frame: HTMLIFrameElement | null = null;
  private isReady = false;
  private isOpen = false;
  private identity: string | null;
  private readonly listeners = new Map<EventName, Set<Listener>>();

  constructor(private readonly options: LauncherOptions) {
    this.identity = options.identity;
    const style = document.createElement("style");
    style.textContent = STYLE;
    this.button.type = "button";
    this.button.dataset.testid = "launcher";
    this.button.innerHTML = ICONS; // our own constant
    this.button.append(this.badge);
    this.button.onclick = () => (this.isOpen ? this.close() : this.open());
    this.host.attachShadow({ mode: "open" }).append(style, this.button);
    this.label(0);
    document.body.append(this.host);
    addEventListener("message", (event) => this.hear(event));
    addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.isOpen) this.close();
    });
    matchMedia(PHONE).addEventListener("change", () => this.lockPage());
    if (this.hasChattedBefore()) this.load();
  }

  open(): void {
    this.load();
    this.show(true);
  }

  close(): void {
    if (!this.isOpen) return;
    this.show(false);
    this.button.focus();
  }

  identify(jwt: string): void {
    this.identity = jwt;
    this.tell({ supportdesk: "identify", identity: jwt });
  }

  logout(): void {
    this.identity = null;
    this.tell({ supportdesk: "logout" });
  }

  on(name: EventName, listener: Listener): () => void {
    const listening = this.listeners.get(name) ?? new Set<Listener>();
    this.listeners.set(name, listening.add(listener));
    return () => listening.delete(listener);
  }

  private load(): void {
    if (this.frame !== null) return;
    const { desk, siteKey, locale } = this.options;
    const frame = document.createElement("iframe");
    frame.name = "supportdesk";
    frame.title = wordsFor(locale)[2];
    frame.className = "shut";
    frame.src = `${desk}/widget/${encodeURIComponent(siteKey)}/#${new URLSearchParams({ locale })}`;
    frame.allow = "clipboard-write";
    this.frame = frame;
    this.host.shadowRoot?.append(frame);
  }

  private show(open: boolean): void {
    this.isOpen = open;
    this.button.classList.toggle("open", open);
    this.frame?.classList.toggle("shut", !open);
    this.label(Number(this.badge.textContent));
    this.lockPage();
    this.tellVisible();
    if (open) this.frame?.focus();
    this.emit(open ? "open" : "close", null);
  }

  private hear(event: MessageEvent): void {
    if (this.frame === null || event.source !== this.frame.contentWindow) return;
    if (event.origin !== this.options.desk || !isBridged(event.data)) return;
    const said = event.data as ToPage;
    if (said.supportdesk === "ready") this.ready();
    else if (said.supportdesk === "close") this.close();
    else if (said.supportdesk === "look") this.look(said.color, said.ink);
    else if (said.supportdesk === "unread") this.unread(said.count);
    else this.emit("message", { author: said.author });
  }

  private ready(): void {
    this.isReady = true;
    this.remember();
    if (this.identity !== null) this.tell({ supportdesk: "identify", identity: this.identity });
    this.tellVisible();
    this.emit("ready", null);
  }

  private look(color: string, ink: string): void {
    this.host.style.setProperty("--sd-color", color);
    this.host.style.setProperty("--sd-ink", ink);
  }

  private unread(count: number): void {
    this.badge.textContent = count > 0 ? String(Math.min(count, 99)) : "";
    this.label(count);
    this.emit("unread", { count });
  }

  private label(unread: number): void {
    const [open, close, , word] = wordsFor(this.options.locale);
    const label = this.isOpen ? close : unread > 0 ? `${open} (${unread} ${word})` : open;
    this.button.setAttribute("aria-label", label);
    this.button.setAttribute("aria-expanded", String(this.isOpen));
  }

  private tellVisible(): void {
    this.tell({ supportdesk: "visible", open: this.isOpen, page: location.origin + location.pathname });
  }

  private tell(what: ToFrame): void {
    if (this.isReady) this.frame?.contentWindow?.postMessage(what, this.options.desk);
  }

  private emit(name: EventName, detail: unknown): void {
    for (const listener of this.listeners.get(name) ?? []) listener(detail);
  }

  /** On a phone the chat is the whole screen: the page behind it must not scroll. */
  private lockPage(): void {
    document.documentElement.style.overflow = this.isOpen && matchMedia(PHONE).matches ? "hidden" : "";
  }

  private key(): string {
    return `supportdesk:${this.options.siteKey}:seen`;
  }

  private remember(): void {
    try {
      localStorage.setItem(this.key(), "1");
    } catch {
      // storage forbidden: the frame is then loaded on the first click of each page
    }
  }

  private hasChattedBefore(): boolean {
    try {
      return localStorage.getItem(this.key()) !== null;
    } catch {
      return false; // storage forbidden: as on a first visit
    }
  }
}
