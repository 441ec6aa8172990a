/** A refusal with a code for programs and a sentence for people (lib/wire/rest.ts lists the codes). */
export class AuthProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** For code "limited": when to try again, seconds. */
    readonly retryAfter?: number,
  ) {
    super(message);
    this.name = "AuthProblem";
  }
}
