import type { Wording } from "@/lib/wording";

/**
 * A refusal that goes to whoever asked, with a code for programs. Codes of the bus itself: collector-down, timeout, no-session, role,
 * bad-request, unknown-method, busy, internal; handlers add their own (not-found, conflict...).
 */
export class BusProblem extends Error {
  override readonly name = "BusProblem";
  constructor(
    readonly code: string,
    message: string,
    /** For code "limited": when to try again, seconds. */
    readonly retryAfter?: number,
    /** The message in every language, where it has them. */
    readonly words?: Wording,
  ) {
    super(message);
  }
}
