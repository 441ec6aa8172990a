import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { shorten, visible } from "@/lib/text/visible";
import type { Web } from "../web";
import { type HttpProblem, problemOf, sendProblem } from "./problem";
import { addressOf } from "./site";

/** What people meet who make no mistake: an address that is not there (any more), internal fault, which is logged where it happened. */
const unremarkable = new Set([404, 500, 502, 503, 504]);

/**
 * Writes down what a visitor was refused. The query is left out: it may hold the token of the setup link. So is a share's id, which is its key.
 */
export function noteRefusal(
  { config, refused }: { readonly config: Parameters<typeof addressOf>[1]; readonly refused: Web["refused"] },
  request: IncomingMessage,
  problem: HttpProblem,
  socket: Socket | null = request.socket,
): void {
  if (unremarkable.has(problem.status)) return;
  const path = (request.url ?? "").split("?")[0]?.replace(/^(\/(?:api\/incidents|share)\/)[^/]{9,}/, "$1...") ?? "";
  const asked = shorten(visible(`${request.method} ${path}`), 200);
  const from = addressOf(request, config, socket);
  const place = path.split("/", 4).join("/").slice(0, 60);
  refused(
    `${from} ${problem.code} ${request.method} ${place}`,
    `web: refused ${asked}: ${problem.status} ${problem.code}, from ${from}`,
  );
}

/** Answers a request with why it is refused, and writes it down. */
export function refuse(web: Web, request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const problem = problemOf(error, web.log);
  noteRefusal(web, request, problem, request.socket ?? response.socket);
  sendProblem(response, problem);
}
