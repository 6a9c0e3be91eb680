// Each command of both dialects as the request it becomes.
import { describe, expect, it } from "vitest";
import { agentsByRest } from "./agents";
import { customersByRest } from "./customers";
import type { Call, Rest } from "./speaker";

const ANSWER = {
  id: "c1",
  version: 1,
  token: "t",
  csrf_token: "x",
  conversation: { id: "c1", version: 1 },
  last_seq: {},
};
const DATA = {
  conversation_id: "c1",
  client_id: "client-01",
  text: "Hi",
  seq: 3,
  score: 5,
  view: "mine",
  after_seq: 2,
};

async function requestOf(rest: Rest, type: string): Promise<string> {
  const asked: string[] = [];
  const call: Call = async (method, path) => {
    asked.push(`${method} ${path}`);
    return { ...ANSWER, conversations: [] };
  };
  await rest(call, { isHidden: () => false }).say(type, DATA);
  return asked.join(", ");
}

describe("over REST", () => {
  it.each([
    ["session.open", "POST customer/session/"],
    ["session.end", "DELETE customer/session/"],
    ["conversation.join", "GET customer/conversations/c1/timeline/?after_seq=2"],
    ["conversation.request_human", "POST customer/conversation/request_human/"],
    ["conversation.close", "POST customer/conversation/close/"],
    ["conversation.rate", "POST customer/conversation/rate/"],
    ["message.post", "POST customer/conversation/messages/"],
    ["message.read", "POST customer/conversation/read/"],
    ["typing.set", ""],
  ])("a customer's %s is %s", async (type, request) => {
    expect(await requestOf(customersByRest, type)).toBe(request);
  });

  it.each([
    ["session.open", "GET session/, POST news/"],
    ["availability.set", "PUT availability/, POST news/"],
    ["conversation.list", "GET conversations/?view=mine"],
    ["conversation.join", "GET conversations/c1/timeline/?after_seq=2"],
    ["conversation.leave", ""],
    ["conversation.accept", "POST conversations/c1/accept/"],
    ["conversation.decline", "POST conversations/c1/decline/"],
    ["conversation.release", "POST conversations/c1/release/"],
    ["conversation.take_up", "POST conversations/c1/take_up/"],
    ["conversation.pick", "POST conversations/c1/pick/"],
    ["conversation.transfer", "POST conversations/c1/transfer/"],
    ["conversation.step_in", "POST conversations/c1/step_in/"],
    ["conversation.step_out", "POST conversations/c1/step_out/"],
    ["conversation.take_over", "POST conversations/c1/take_over/"],
    ["conversation.return_to_bot", "POST conversations/c1/return_to_bot/"],
    ["conversation.close", "POST conversations/c1/close/"],
    ["conversation.note", "POST conversations/c1/notes/"],
    ["message.post", "POST conversations/c1/messages/"],
    ["message.read", "POST conversations/c1/read/"],
    ["typing.set", ""],
    ["handoff.score", "POST conversations/c1/handoff/score/"],
  ])("an agent's %s is %s", async (type, request) => {
    expect(await requestOf(agentsByRest, type)).toBe(request);
  });
});
