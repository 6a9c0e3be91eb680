// The realtime client's public names.
export { Client, type ClientOptions } from "./client";
export { newClientId } from "./client_id";
export type { Connection } from "./connection";
export type { Feed, Followed } from "./feed";
export { browserKeep, type Keep, memoryKeep } from "./keep";
export type { Draft } from "./outbox";
export type { Agents, Customers, DataOf, ReplyOf } from "./protocol";
export { asRefusal, Refusal, type RefusalCode } from "./refusal";
export { agentsByRest } from "./rest/agents";
export { customersByRest } from "./rest/customers";
export { isNewer } from "./snapshot";
export { type Readable, Store } from "./store";
export { lastSeq, type Timeline } from "./timeline";
export { socketUrl } from "./world";
