// Why a command brought no answer, and whether the same command may be sent again.
import type { ErrorCode, WireError } from "../protocol";

/** `disconnected` and `timeout` are ours: the server may or may not have done it. */
export type RefusalCode = ErrorCode | "disconnected" | "timeout";

const PASSING: ReadonlySet<RefusalCode> = new Set<RefusalCode>([
  "disconnected",
  "timeout",
  "rate_limited",
  "busy",
  "unavailable",
]);

export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly code: RefusalCode,
    message: string,
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }

  static of(error: WireError): Refusal {
    return new Refusal(error.code, error.message, error.retry_after_ms);
  }

  /** A hindrance of the moment: the same command may succeed later. */
  get isPassing(): boolean {
    return PASSING.has(this.code);
  }

  /** The server says when to send it again. */
  get isThrottled(): boolean {
    return this.code === "rate_limited" || this.code === "busy";
  }
}

/** What was thrown, as a refusal; anything else is a fault and is thrown on. */
export function asRefusal(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown;
  throw thrown;
}
