// The console's address: /console/<view>/<conversation id>. Kept in the browser's history.
import { useSyncExternalStore } from "react";
import type { ListView } from "../../protocol";
import { VIEWS } from "./views";

export interface Route {
  readonly view: ListView;
  readonly conversation: string | null;
}

const ROOT = "/console";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function parseRoute(path: string): Route {
  const [view = "", conversation = ""] = path.replace(/^\/console\/?/, "").split("/");
  return {
    view: VIEWS.find((known) => known === view) ?? "mine",
    conversation: UUID.test(conversation) ? conversation : null,
  };
}

export function pathOf(route: Route): string {
  return [ROOT, route.view, route.conversation].filter((part) => part !== null).join("/");
}

const listeners = new Set<() => void>();
let current = { path: "", route: parseRoute("") };

function snapshot(): Route {
  const path = window.location.pathname;
  if (path !== current.path) current = { path, route: parseRoute(path) };
  return current.route;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("popstate", listener);
  };
}

export function go(route: Route): void {
  const path = pathOf(route);
  if (path === window.location.pathname) return;
  window.history.pushState(null, "", path);
  for (const listener of listeners) listener();
}

export const currentRoute = snapshot;
export const useRoute = (): Route => useSyncExternalStore(subscribe, snapshot);
