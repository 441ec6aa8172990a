import type { ServerResponse } from "node:http";
import type { ZodError } from "zod";
import { type ErrorCode, errorStatus } from "@/lib/wire/errors";
import type { Wording } from "@/lib/wording";
import { BusProblem } from "@/server/bus/problem";

/** A refusal that becomes {error: {code, message}}. */
export class HttpProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
    /** The message in every language, where it has them. */
    readonly words?: Wording,
  ) {
    super(message);
    this.name = "HttpProblem";
  }
}

/** Turns anything thrown into a refusal. What is no refusal of ours is a fault of ours: logged, and not shown to the visitor. */
export function problemOf(error: unknown, log: (line: string) => void): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof BusProblem) {
    const headers: Record<string, string> = {};
    if (error.retryAfter !== undefined) headers["Retry-After"] = String(error.retryAfter);
    return new HttpProblem(statusOf(error.code), error.code, error.message, headers, error.words);
  }
  log(`web: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return new HttpProblem(500, "fault", "Something went wrong on the server. It is in the server's log.");
}

/** A code that no contract knows is a conflict with the state of things: it came from the collector, which refused. */
const statusOf = (code: string): number =>
  Object.hasOwn(errorStatus, code) ? errorStatus[code as ErrorCode] : errorStatus.conflict;

/** The first thing wrong with a body, named by its place: "login.port: expected number". */
export function badBody(error: ZodError): HttpProblem {
  const issue = error.issues[0];
  const place = issue?.path.map(String).join(".").slice(0, 200) || "body";
  return new HttpProblem(400, "bad-request", `${place}: ${issue?.message ?? "not valid"}`);
}

/** Sends JSON. Answers are about this moment and this person: nobody keeps them. */
export function sendJson(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
    ...headers,
  });
  response.end(text);
}

export function sendProblem(response: ServerResponse, problem: HttpProblem): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  sendJson(
    response,
    problem.status,
    { error: { code: problem.code, message: problem.message, words: problem.words } },
    {
      ...problem.headers,
      // After a refusal the rest of the body may still be on its way: do not read it as the next request.
      Connection: "close",
    },
  );
}
