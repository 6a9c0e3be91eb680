// All that the realtime client takes from outside: sockets, time and chance. Tests bring their own.

export interface Wire {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number }) => void) | null;
}

export interface World {
  connect(url: string): Wire;
  /** Milliseconds; only differences count. */
  now(): number;
  /** Calls back once; the answer cancels. */
  after(ms: number, then: () => void): () => void;
  /** 0 to 1. */
  random(): number;
}

export const browser: World = {
  connect: (url) => new WebSocket(url) as Wire,
  now: () => Date.now(),
  after: (ms, then) => {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

export function pause(world: World, ms: number): Promise<void> {
  return new Promise((resolve) => world.after(ms, resolve));
}

/** The address of a socket path on the page's own origin. */
export function socketUrl(path: string, page: { protocol: string; host: string } = location): string {
  return `${page.protocol === "https:" ? "wss" : "ws"}://${page.host}${path}`;
}
