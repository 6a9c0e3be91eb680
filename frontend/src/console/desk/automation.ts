// What the bot may answer: limits, versions of the model that reads, golden questions. For supervisors, over REST.
import { ask, isProblem, type Problem } from "./session";
import { inWords, REASON_NAMES } from "./words";

export interface Inbox {
  id: number;
  name: string;
}

export interface Limit {
  intent: string;
  most_wrong: number;
  confidence: number;
  bar: number | null;
  kept: number;
  examples: number;
  answered: number;
  wrong: number;
  says: string;
}

export interface MissedRequests {
  most_missed: number | null;
  confidence: number | null;
  bar: number;
  shown: boolean;
  requests: number;
  missed: number;
  others: number;
  needless: number;
  hard: number;
  needless_hard: number;
  says: string;
}

export interface Limits {
  model: number | null;
  items: Limit[];
  missed_requests: MissedRequests;
}

export interface Share {
  intent: string;
  turns: number;
  kept: number;
}

export interface Point {
  bar: number;
  kept: number;
  wrong: number;
}

export interface LimitGiven {
  kind: "wrong" | "missed_requests";
  intent: string;
  most_wrong: number | null;
  confidence: number;
}

export interface Figure {
  value: number;
  low: number;
  high: number;
}

export interface ModelVersion {
  number: number;
  name: string;
  is_live: boolean;
  encoder: string;
  made_at: string;
  learned_from: Record<string, number>;
  metrics: Record<string, Figure | Record<string, unknown>>;
}

export interface Models {
  live: number | null;
  items: ModelVersion[];
}

export type Expects = "article" | "flow" | "person";

export interface GoldenGiven {
  inbox_id: number;
  question: string;
  expects: Expects;
  target: string;
}

export interface Golden extends GoldenGiven {
  id: number;
}

export interface Judged {
  id: number;
  inbox_id: number;
  question: string;
  expected: string;
  got: string;
  before: string;
  passed: boolean;
  worse: boolean;
}

export interface Run {
  id: number;
  model: number | null;
  state: "waiting" | "asking" | "done" | "failed";
  problem: string;
  items: Judged[];
}

const API = "/api/v1";

export interface Overview {
  inboxes: Inbox[];
  intents: string[];
}

export async function overview(): Promise<Overview | Problem> {
  const [inboxes, intents] = await Promise.all([
    ask<{ items: Inbox[] }>("GET", `${API}/inboxes/`),
    ask<{ items: string[] }>("GET", `${API}/intents/`),
  ]);
  if (isProblem(inboxes)) return inboxes;
  if (isProblem(intents)) return intents;
  return { inboxes: inboxes.items, intents: intents.items };
}

export interface Action {
  name: string;
  intents: string[];
  failures: number;
  state: "works" | "failing" | "resting" | "unknown";
}

export interface OfInbox {
  limits: Limits;
  shares: Share[];
  actions: Action[];
}

export async function ofInbox(inbox: number): Promise<OfInbox | Problem> {
  const [limits, shares, actions] = await Promise.all([
    ask<Limits>("GET", `${API}/inboxes/${inbox}/risk/`),
    ask<{ items: Share[] }>("GET", `${API}/inboxes/${inbox}/automation/`),
    ask<{ items: Action[] }>("GET", `${API}/inboxes/${inbox}/actions/`),
  ]);
  if (isProblem(limits)) return limits;
  if (isProblem(shares)) return shares;
  if (isProblem(actions)) return actions;
  return { limits, shares: shares.items, actions: actions.items };
}

export const curve = (inbox: number, intent: string) =>
  ask<{ points: Point[] }>("GET", `${API}/inboxes/${inbox}/risk/curve/?intent=${intent}`);
export interface Foreseen {
  says: string;
  shown: boolean;
}

export const foreseen = (inbox: number, given: LimitGiven) => {
  const asked = new URLSearchParams(Object.entries(given).map(([name, value]) => [name, String(value)]));
  return ask<Foreseen>("GET", `${API}/inboxes/${inbox}/risk/foreseen/?${asked}`);
};
export const setLimit = (inbox: number, given: LimitGiven) =>
  ask<Limits>("PUT", `${API}/inboxes/${inbox}/risk/`, given);

export const models = () => ask<Models>("GET", `${API}/models/`);
export const promote = (number: number) => ask<object>("POST", `${API}/models/${number}/promote/`);
export const rollback = () => ask<object>("POST", `${API}/models/rollback/`);

export interface Training {
  id: number;
  state: "waiting" | "training" | "done" | "failed";
  lines: string[];
  problem: string;
  model: number | null;
  by: string | null;
  asked_at: string;
  done_at: string | null;
}

export interface Trainings {
  latest: Training | null;
  examples: number;
  new_examples: number;
}

export const trainings = () => ask<Trainings>("GET", `${API}/trainings/`);
export const train = () => ask<Trainings>("POST", `${API}/trainings/`);

export const isUnderWay = (training: Training | null) =>
  training !== null && (training.state === "waiting" || training.state === "training");

/** What a version's figures and examples are beside those of the one that reads: `+1.4 points`, `12 examples more`. */
export function beside(version: ModelVersion, live: ModelVersion): string[] {
  const told: string[] = [];
  const examples = countOf(version) - countOf(live);
  if (examples !== 0) told.push(`${Math.abs(examples)} ${examples > 0 ? "more" : "fewer"} examples`);
  const [now, before] = [intentsOf(version), intentsOf(live)];
  const added = now.filter((each) => !before.includes(each));
  const gone = before.filter((each) => !now.includes(each));
  if (added.length > 0) told.push(`new intents: ${added.map(intentName).join(", ")}`);
  if (gone.length > 0) told.push(`no longer: ${gone.map(intentName).join(", ")}`);
  return told;
}

export const countOf = ({ learned_from }: ModelVersion) =>
  Object.values(learned_from).reduce((sum, count) => sum + count, 0);

const intentsOf = ({ metrics }: ModelVersion) => Object.keys(metrics.intents ?? {}).sort();

/** What would make it read better, sentence by sentence; older versions say nothing of it. */
export function remarksOf({ metrics }: ModelVersion): readonly string[] {
  const says = (metrics.remarks as { says?: unknown } | undefined)?.says;
  return Array.isArray(says) ? says.map(String) : [];
}

/** In points of a percent, with its sign; empty where it is hardly one. */
export function pointsBeside(value: number, before: number | undefined): string {
  if (before === undefined) return "";
  const points = Math.round(1000 * (value - before)) / 10;
  if (points === 0) return "±0";
  return `${points > 0 ? "+" : "−"}${Math.abs(points).toFixed(1)}`;
}

export interface Article {
  id: number;
  title: string;
  slug: string;
  language: string;
}

export interface GoldenOfInbox {
  items: Golden[];
  articles: Article[];
}

/** An inbox's golden questions, and the published articles they may name. */
export async function goldenOf(inbox: number): Promise<GoldenOfInbox | Problem> {
  const [golden, found] = await Promise.all([ask<{ items: Golden[] }>("GET", `${API}/golden/`), articlesOf(inbox)]);
  if (isProblem(golden)) return golden;
  if (isProblem(found)) return found;
  return { items: golden.items.filter(({ inbox_id }) => inbox_id === inbox), articles: found };
}

const PAGES_MOST = 20;

async function articlesOf(inbox: number): Promise<Article[] | Problem> {
  const all: Article[] = [];
  let cursor: number | null = null;
  for (let page = 0; page < PAGES_MOST; page++) {
    const from: string = cursor === null ? "" : `&cursor=${cursor}`;
    const found: { items: Article[]; cursor: number | null } | Problem = await ask(
      "GET",
      `${API}/articles/?inbox_id=${inbox}&status=published${from}`,
    );
    if (isProblem(found)) return found;
    all.push(...found.items);
    cursor = found.cursor;
    if (cursor === null) break;
  }
  return all.sort((one, other) => one.title.localeCompare(other.title));
}

export const addGolden = (given: GoldenGiven) => ask<Golden>("POST", `${API}/golden/`, given);
export const removeGolden = (id: number) => ask<object>("DELETE", `${API}/golden/${id}/`);

const LOOKS_EVERY_MS = 700;

/** Asks every golden question and waits for what came of it; `onState` hears how far it is. */
export async function runGolden(model: number | null, onState: (state: Run["state"]) => void): Promise<Run | Problem> {
  let run = await ask<Run>("POST", `${API}/golden/runs/`, { model });
  while (!isProblem(run) && (run.state === "waiting" || run.state === "asking")) {
    onState(run.state);
    await new Promise((done) => setTimeout(done, LOOKS_EVERY_MS));
    run = await ask<Run>("GET", `${API}/golden/runs/${run.id}/`);
  }
  if (!isProblem(run) && run.state === "failed") {
    return { advice: run.problem || "The worker that asked has ended. Ask again." };
  }
  return run;
}

/** `oos` and no intent at all have names of their own. */
export function intentName(intent: string): string {
  if (intent === "") return "Not clear";
  return intent === "oos" ? "Nothing the bot has an answer for" : inWords(intent);
}

/** What a golden question came to, or must: `article returns` -> "the article “Returns and refunds”". */
export function outcomeName(outcome: string, articles: readonly Article[] = []): string {
  const [kind = "", target = ""] = outcome.split(" ");
  switch (kind) {
    case "article":
      return target === "" ? "an article" : `the article “${titleOf(target, articles)}”`;
    case "flow":
      return target === "" ? "a flow" : `the flow “${inWords(target)}”`;
    case "person":
      return target === "" ? "a person" : `a person (${reasonName(target)})`;
    case "brain":
      return "the inbox’s own bot";
    default:
      return outcome;
  }
}

/** Its title; its slug where there is no such article any more. */
const titleOf = (slug: string, articles: readonly Article[]) =>
  articles.find((each) => each.slug === slug)?.title ?? slug;

function reasonName(reason: string): string {
  const name = (REASON_NAMES as Readonly<Record<string, string>>)[reason] ?? inWords(reason);
  return name.charAt(0).toLowerCase() + name.slice(1);
}
