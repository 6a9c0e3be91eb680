// The frame's side of the bridge: the page that holds us is the first that speaks, and from then on the only one.
import { isBridged, type ToFrame, type ToPage } from "../loader/bridge";

export interface FrameHooks {
  readonly onVisible: (open: boolean, page: string) => void;
  readonly onIdentify: (identity: string) => void;
  readonly onLogout: () => void;
}

export class Frame {
  readonly isEmbedded = window.parent !== window;
  private pageOrigin: string | null = null;

  constructor(private readonly hooks: FrameHooks) {
    addEventListener("message", (event) => this.hear(event));
  }

  /** Until the page has spoken its origin is unknown; nothing but "ready" is said to an unknown page. */
  tell(what: ToPage): void {
    if (!this.isEmbedded) return;
    if (what.supportdesk === "ready") window.parent.postMessage(what, "*");
    else if (this.pageOrigin !== null) window.parent.postMessage(what, this.pageOrigin);
  }

  private hear(event: MessageEvent): void {
    if (event.source !== window.parent || !isBridged(event.data)) return;
    this.pageOrigin ??= event.origin;
    if (event.origin !== this.pageOrigin) return;
    const said = event.data as ToFrame;
    if (said.supportdesk === "visible") this.hooks.onVisible(said.open, said.page);
    else if (said.supportdesk === "identify") this.hooks.onIdentify(said.identity);
    else if (said.supportdesk === "logout") this.hooks.onLogout();
  }
}
