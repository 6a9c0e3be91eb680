import { describe, expect, it } from "vitest";
import { message } from "../realtime/testing/cast";
import { formatLocale, noticeText, validLocale, waitText, wordsFor } from "./words";

const notice = (code: string, text: string) => ({
  ...message(1, text),
  author: { kind: "system" as const, id: null, name: "" },
  notice: code,
});

describe("the words", () => {
  it("speaks the customer's language and English to all others", () => {
    expect(wordsFor("de-AT").send).toBe("Senden");
    expect(wordsFor("pt-BR").send).toBe("Send");
  });

  it("takes a locale that is none as the language it names, else as English", () => {
    expect(validLocale("en-US@posix")).toBe("en-US");
    expect(validLocale("de_DE.UTF-8")).toBe("de-DE");
    expect(validLocale("C")).toBe("en");
    expect(validLocale("")).toBe("en");
    for (const odd of ["en-US@posix", "en_US.UTF-8", "en-"]) {
      expect(() => new Date(0).toLocaleTimeString(formatLocale("en", [odd]))).not.toThrow();
    }
  });

  it("translates a notice by its code and keeps the agent's name", () => {
    const joined = notice("agent_joined", "Bob Hill has joined the conversation.");
    expect(noticeText(wordsFor("fr"), joined, null, "fr")).toBe("Bob Hill a rejoint la conversation.");
    expect(noticeText(wordsFor("de"), notice("agent_lost", "Bob lost the connection. You are …"), null, "de")).toMatch(
      /^Bob hat/,
    );
  });

  it("shows a notice it does not know as the desk wrote it", () => {
    expect(noticeText(wordsFor("es"), notice("new_code", "Something new."), null, "es")).toBe("Something new.");
  });

  it("tells no number while nobody is there", () => {
    for (const locale of ["en", "de", "es", "fr"]) expect(waitText(wordsFor(locale), null)).toMatch(/^\D+$/);
  });

  it("tells a wait in minutes, rounded up", () => {
    expect(waitText(wordsFor("en"), { low: 20, high: 50 })).toBe("less than a minute");
    expect(waitText(wordsFor("en"), { low: 60, high: 170 })).toBe("about 1–3 min");
    expect(waitText(wordsFor("en"), { low: 110, high: 120 })).toBe("about 2 min");
    expect(waitText(wordsFor("en"), { low: 1_800, high: 14_400 })).toBe("about 1–4 h");
  });
});
