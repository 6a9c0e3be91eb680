import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { message } from "./testing/cast";
import { apply, applyPage, EMPTY, isGap, lastSeq, type Timeline } from "./timeline";

const all = (n: number) => Array.from({ length: n }, (_, i) => message(i + 1));

describe("a timeline", () => {
  it("takes the next message, ignores a repetition, and reports a leap with where to join", () => {
    const one = apply(EMPTY, message(1)) as Timeline;
    expect(lastSeq(one)).toBe(1);
    expect(apply(one, message(1))).toBe(one);
    expect(apply(one, message(3))).toEqual({ gap: true, after: 1 });
  });

  it("holds each message once and in order, whatever the order, doubling and loss of pushes and pages", () => {
    const step = fc.oneof(
      fc.record({ push: fc.integer({ min: 1, max: 12 }) }),
      fc.record({ pageFrom: fc.integer({ min: 0, max: 12 }), size: fc.integer({ min: 0, max: 12 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const sent = all(12);
        let held: Timeline = EMPTY;
        for (const s of steps) {
          if ("push" in s) {
            const result = apply(held, sent[s.push - 1] ?? message(s.push));
            held = isGap(result) ? held : result;
          } else held = applyPage(held, sent.slice(s.pageFrom, s.pageFrom + s.size));
          expect(held).toEqual(sent.slice(0, held.length));
        }
        expect(applyPage(held, sent.slice(held.length))).toEqual(sent);
      }),
    );
  });
});
