import type { IncomingMessage, ServerResponse } from "node:http";
import { shorten, visible } from "@/lib/text/visible";
import type { Web } from "../web";
import { problemOf, sendProblem } from "./problem";
import { addressOf } from "./site";

/** What people meet who make no mistake: an address that is not there (any more), a fault of ours, which is logged where it happened. */
const unremarkable = new Set([404, 500, 502, 503, 504]);

/**
 * Answers a request with why it is refused, and writes it down. The query is left out: it may hold the token of the setup link. So is a share's id, which is
 * its key.
 */
export function refuse(web: Web, request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const problem = problemOf(error, web.log);
  if (!unremarkable.has(problem.status)) {
    const path = (request.url ?? "").split("?")[0]?.replace(/^(\/(?:api\/incidents|share)\/)[^/]{9,}/, "$1...") ?? "";
    const asked = shorten(visible(`${request.method} ${path}`), 200);
    const from = addressOf(request, web.config);
    const place = path.split("/", 4).join("/").slice(0, 60);
    const kind = `${from} ${problem.code} ${request.method} ${place}`;
    web.refused(kind, `web: refused ${asked}: ${problem.status} ${problem.code}, from ${from}`);
  }
  sendProblem(response, problem);
}
