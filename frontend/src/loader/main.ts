// The script a merchant embeds: `<script async src="https://desk.example/widget.js" data-site-key="KEY"></script>`,
// optionally with data-locale and data-identity. It blocks nothing and offers window.Supportdesk.
import { Launcher } from "./launcher";

declare global {
  interface Window {
    Supportdesk?: Pick<Launcher, "open" | "close" | "identify" | "logout" | "on">;
  }
}

const script = document.currentScript as HTMLScriptElement | null;

function start(tag: HTMLScriptElement): void {
  const siteKey = tag.dataset.siteKey;
  if (siteKey === undefined || siteKey === "") {
    console.error('Supportdesk: the script tag lacks data-site-key="…". Copy the snippet from the inbox again.');
    return;
  }
  if (window.Supportdesk !== undefined) return; // embedded twice: the first one serves
  const locale = tag.dataset.locale ?? (document.documentElement.lang || navigator.language);
  const identity = tag.dataset.identity ?? null;
  const launcher = new Launcher({ desk: new URL(tag.src).origin, siteKey, locale, identity });
  window.Supportdesk = {
    open: () => launcher.open(),
    close: () => launcher.close(),
    identify: (jwt) => launcher.identify(jwt),
    logout: () => launcher.logout(),
    on: (name, listener) => launcher.on(name, listener),
  };
  dispatchEvent(new Event("supportdesk:ready"));
}

if (script !== null) {
  if (document.body === null) addEventListener("DOMContentLoaded", () => start(script));
  else start(script);
}
