import { describe, expect, it } from "vitest";
import { byMail } from "./words";

const ANA = { kind: "customer", id: "1", name: "Ana" } as const;

describe("byMail", () => {
  it("tells letters from chat, and who is verified from who is not", () => {
    expect(byMail({ author: ANA, client_id: "mail:v:0a1b" })).toEqual({ isVerified: true });
    expect(byMail({ author: ANA, client_id: "mail:u:0a1b" })).toEqual({ isVerified: false });
    expect(byMail({ author: ANA, client_id: "0a1b" })).toBeNull();
    expect(byMail({ author: { kind: "agent", id: "1", name: "Bob" }, client_id: "mail:v:0a1b" })).toBeNull();
  });
});
