// All that the realtime client takes from outside: sockets, requests, time, chance, and the browser's other pages.
// Tests bring their own.

export interface Wire {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number }) => void) | null;
}

/** A request of the REST API; `path` is below /api/v1/. */
export interface Asked {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  /** What the JSON said. */
  readonly body: unknown;
}

export interface World {
  connect(url: string): Wire;
  /** Rejects when no whole JSON answer came in time. */
  ask(asked: Asked): Promise<Answered>;
  /** Milliseconds; only differences count. */
  now(): number;
  /** Calls back once; the answer cancels. */
  after(ms: number, then: () => void): () => void;
  /** 0 to 1. */
  random(): number;
  /** Does it while no other page of this browser does anything of the same name. */
  alone(name: string, task: () => Promise<void>): Promise<void>;
  /** Nobody looks at the page. */
  isHidden(): boolean;
}

const ANSWER_MS = 10_000;
/** Another page's turn; it may need this long when the desk is slow. */
const LOCK_MS = 20_000;

export const browser: World = {
  connect: (url) => {
    try {
      return new WebSocket(url) as Wire;
    } catch {
      return deadWire(); // a policy or an extension took sockets away
    }
  },
  ask: async ({ method, path, body, headers }) => {
    const response = await fetch(`/api/v1/${path}`, {
      method,
      credentials: "same-origin",
      cache: "no-store",
      headers: { Accept: "application/json", "Content-Type": "application/json", ...headers },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return { status: response.status, body: response.status === 204 ? {} : await response.json() };
  },
  now: () => Date.now(),
  after: (ms, then) => {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
  alone,
  isHidden: () => document.visibilityState === "hidden",
};

function deadWire(): Wire {
  const wire: Wire = { onopen: null, onmessage: null, onclose: null, send: () => undefined, close: () => undefined };
  setTimeout(() => wire.onclose?.({ code: 1006 }));
  return wire;
}

/** Without locks (insecure pages), or with a page that was put to sleep holding one: the desk takes each message once. */
async function alone(name: string, task: () => Promise<void>): Promise<void> {
  let hasBegun = false;
  const begin = (): Promise<void> => {
    hasBegun = true;
    return task();
  };
  try {
    await navigator.locks.request(name, { signal: AbortSignal.timeout(LOCK_MS) }, begin);
  } catch (thrown) {
    if (hasBegun) throw thrown;
    await begin();
  }
}

export function pause(world: World, ms: number): Promise<void> {
  return new Promise((resolve) => world.after(ms, resolve));
}

/** The address of a socket path on the page's own origin. */
export function socketUrl(path: string, page: { protocol: string; host: string } = location): string {
  return `${page.protocol === "https:" ? "wss" : "ws"}://${page.host}${path}`;
}
