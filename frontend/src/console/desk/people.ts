// Who answers and what each can do, over REST, and how a supervisor writes it. Reading and writing are pure.
import type { Self } from "../../protocol";
import { ask, isProblem, type Problem } from "./session";

export type Role = Self["role"];

export interface Person {
  id: number;
  name: string;
  role: Role;
  is_active: boolean;
  online: boolean;
  capacity: number;
  can_pick: boolean;
  languages: string[];
  levels: Record<string, number>;
  teams: string[];
}

export interface Team {
  id: number;
  name: string;
}

export interface Staff {
  agents: Person[];
  teams: Team[];
}

/** What is left out stays. */
export type Change = Partial<
  Pick<Person, "capacity" | "can_pick" | "languages" | "role" | "is_active"> & {
    skills: Record<string, number>;
    team_ids: number[];
  }
>;

export interface Hired {
  username: string;
  password: string;
  name: string;
  role: Role;
}

const URL_AGENTS = "/api/v1/agents/";

export async function staff(): Promise<Staff | Problem> {
  const [agents, teams] = await Promise.all([
    ask<{ items: Person[] }>("GET", URL_AGENTS),
    ask<{ items: Team[] }>("GET", "/api/v1/teams/"),
  ]);
  if (isProblem(agents)) return agents;
  return isProblem(teams) ? teams : { agents: agents.items, teams: teams.items };
}

export const changePerson = (id: number, change: Change): Promise<Person | Problem> =>
  ask("PATCH", `${URL_AGENTS}${id}/`, change);
export const hire = (hired: Hired): Promise<Person | Problem> => ask("POST", URL_AGENTS, hired);

const LEVEL = 3;
const LEVELS = { least: 1, most: 5 };

/** `fraud:5, lamps`; without a level it is the middle one. */
export function writtenSkills(levels: Record<string, number>): string {
  return Object.entries(levels)
    .map(([skill, level]) => (level === LEVEL ? skill : `${skill}:${level}`))
    .join(", ");
}

/** Null where a part is no skill, or its level none of 1 to 5. */
export function readSkills(text: string): Record<string, number> | null {
  const levels: Record<string, number> = {};
  for (const part of parts(text)) {
    const [, skill, level = String(LEVEL)] = /^([-\w]{1,60})(?:\s*:\s*(\d))?$/.exec(part) ?? [];
    if (skill === undefined || Number(level) < LEVELS.least || Number(level) > LEVELS.most) return null;
    levels[skill] = Number(level);
  }
  return levels;
}

/** Null where a part is no language code. */
export function readLanguages(text: string): string[] | null {
  const codes = parts(text.toLowerCase());
  return codes.every((code) => /^[a-z]{2,3}$/.test(code)) ? [...new Set(codes)] : null;
}

const parts = (text: string): string[] =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

/** In a line: teams, skills, languages and how many conversations at a time. */
export function abilities({ teams, levels, languages, capacity, can_pick, role }: Person): string {
  const chats = capacity === 1 ? "1 chat at a time" : `${capacity} chats at a time`;
  const picks = can_pick && role === "agent" ? "picks from the queue" : "";
  return [teams.join(", "), writtenSkills(levels), languages.join(", "), chats, picks].filter(Boolean).join(" · ");
}
