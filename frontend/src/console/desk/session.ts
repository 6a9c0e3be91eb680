// Signing in and out over REST; the socket then uses the session cookie.

export interface SignedIn {
  id: number;
  name: string;
  role: string;
}

interface Answer {
  agent?: SignedIn;
  csrf_token?: string;
  error?: { code: string; message: string; problems?: Wrong[] };
}

/** One of several things that are wrong in what was sent: where (`en.3`, `slots.0.ask`), and what. */
export interface Wrong {
  readonly at: string;
  readonly says: string;
}

export type SignInResult = { ok: true; agent: SignedIn } | { ok: false; title: string; advice: string };

const URL_SESSION = "/api/v1/session/";

/** Milliseconds to add to this machine's clock to get the server's; small differences are only network delay. */
let skewMs = 0;
const SKEW_THAT_MATTERS_MS = 2_000;

/** Comes with every answer of the session; a cookie-less copy, so that no cookie has to be readable. */
let csrfToken = "";

export const serverNow = (): number => Date.now() + skewMs;

/** The signed-in agent, null when nobody is; throws when the desk cannot be reached. */
export async function whoAmI(): Promise<SignedIn | null> {
  const response = await fetch(URL_SESSION, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  readClock(response);
  if (!response.ok && response.status !== 401 && response.status !== 403) {
    throw new Error(`The desk answered ${response.status}.`);
  }
  return remember((await response.json()) as Answer);
}

export async function signIn(username: string, password: string): Promise<SignInResult> {
  try {
    if (csrfToken === "") await whoAmI();
    const response = await write("POST", { username, password });
    const body = (await response.json().catch(() => ({}))) as Answer;
    const agent = remember(body);
    return agent === null ? { ok: false, ...explain(response.status, body) } : { ok: true, agent };
  } catch {
    return {
      ok: false,
      title: "The desk cannot be reached",
      advice: "Check your network connection, then sign in again.",
    };
  }
}

export async function signOut(): Promise<void> {
  await write("DELETE");
  csrfToken = "";
}

/** What the desk answers to a request in the agent's name; null when it cannot. */
export async function postJson<T>(url: string, body?: object): Promise<T | null> {
  try {
    if (csrfToken === "") await whoAmI();
    const response = await write("POST", body, url);
    if (response.status === 204) return {} as T;
    return response.ok ? ((await response.json()) as T) : null;
  } catch {
    return null;
  }
}

/** What the desk did not do, and what to do about it. */
export interface Problem {
  readonly advice: string;
  readonly problems?: readonly Wrong[];
}

/** What the desk answers to a request in the agent's name, or why it does not. */
export async function ask<T>(
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  url: string,
  body?: object,
): Promise<T | Problem> {
  try {
    if (method !== "GET" && csrfToken === "") await whoAmI();
    const response = await (method === "GET"
      ? fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" })
      : write(method, body, url));
    if (response.status === 204) return {} as T;
    const answered = (await response.json().catch(() => ({}))) as T & Answer;
    if (response.ok) return answered;
    if (response.status >= 500)
      return { advice: "The desk had a problem, and nothing was changed. Try again in a moment." };
    return {
      advice: answered.error?.message ?? `The desk answered ${response.status}. Reload the page and try again.`,
      problems: answered.error?.problems ?? [],
    };
  } catch {
    return { advice: "The desk cannot be reached. Check your network connection, then try again." };
  }
}

export const isProblem = (answer: object): answer is Problem => "advice" in answer;

function remember(body: Answer): SignedIn | null {
  csrfToken = body.csrf_token ?? csrfToken;
  return body.agent ?? null;
}

function explain(status: number, { error }: Answer): { title: string; advice: string } {
  if (status === 429) return { title: "Too many attempts", advice: "Wait a minute, then try again." };
  if (status >= 500) return { title: "The desk had a problem", advice: "Try again in a moment. Nothing was changed." };
  if (status === 403) return { title: "This page is too old to sign in", advice: "Reload the page and sign in again." };
  if (error?.code === "not_an_agent") return { title: "This account has no desk", advice: error.message };
  return {
    title: "Username or password is wrong",
    advice: "Check both (capital letters matter) or ask your supervisor to reset the password.",
  };
}

function write(method: "POST" | "PUT" | "PATCH" | "DELETE", body?: object, url = URL_SESSION): Promise<Response> {
  return fetch(url, {
    method,
    credentials: "same-origin",
    headers: {
      Accept: "application/json",
      "Content-Type": "application/json",
      "X-CSRFToken": csrfToken,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

function readClock(response: Response): void {
  const stamp = Date.parse(response.headers.get("Date") ?? "");
  if (Number.isNaN(stamp)) return;
  const difference = stamp - Date.now();
  skewMs = Math.abs(difference) > SKEW_THAT_MATTERS_MS ? difference : 0;
}
