import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Who } from "@/lib/wire/bus";
import { allows } from "@/server/auth/roles";
import { BusProblem } from "@/server/bus/problem";
import { readBody } from "./http/body";
import { dataPolicy } from "./http/headers";
import { HttpProblem, sendJson } from "./http/problem";
import { refuse } from "./http/refuse";
import { addressOf, credentialOf, isSecure, originOf, urlOf } from "./http/site";
import type { Answer, Route } from "./route";
import { routes } from "./routes/all";
import type { Web } from "./web";

/**
 * Answers a request under /api/ or to /healthz. The order matters: which route, may this page ask at all (Origin), who asks, may he, and only then is
 * a byte of the body read.
 */
export async function answerApi(
  web: Web,
  request: IncomingMessage,
  response: ServerResponse,
  table: readonly Route[] = routes,
): Promise<void> {
  response.setHeader("Content-Security-Policy", dataPolicy);
  try {
    const answer = await dispatch(web, request, table);
    if (answer.stream) await sendStream(web, response, answer.stream, answer.headers);
    else send(response, answer);
  } catch (error) {
    refuse(web, request, response, error);
  }
}

async function dispatch(web: Web, request: IncomingMessage, table: readonly Route[]): Promise<Answer> {
  const url = urlOf(request);
  const { route, params } = find(table, methodOf(request), url.pathname);
  const secure = isSecure(request, web.config);
  const credential = credentialOf(request, secure);
  const changes = route.method !== "GET";
  const origin = originOf(request, web.config);
  const refused = (problem: HttpProblem, shown: string) => {
    if (changes) tellRefusal(web, request, route, problem.code, shown);
    return problem;
  };
  // Only a request that proves itself by token comes rightly without an Origin: a browser adds it to everything that changes something.
  if (changes && (origin === "foreign" || (origin === "none" && credential?.by !== "bearer")))
    throw refused(new HttpProblem(403, "origin", wrongOrigin(web)), credential?.value ?? "");
  // Where nobody need be known the collector judges the credential by itself.
  const who = credential === null || route.least === "open" ? null : await web.whoIs(credential.value);
  const problem = route.least === "open" ? undefined : lacking(who, route);
  if (problem) throw refused(problem, credential?.value ?? "");
  const body = route.schema ? await readBody(request, route.schema, route.maxBytes) : undefined;
  return route.handle({
    web,
    who,
    credential: credential?.value ?? "",
    params,
    query: url.searchParams,
    body,
    address: addressOf(request, web.config),
    secure,
    base: web.config.url?.origin ?? `${secure ? "https" : "http"}://${request.headers.host ?? "localhost"}`,
    request,
  });
}

const wrongOrigin = ({ config }: Web) =>
  config.url
    ? `This request does not come from a page of ${config.url.origin}, the address of this site (TAPROOT_URL).`
    : "This request does not come from a page of this site (its Origin is another, or missing).";

/** What the asker lacks for this route. */
function lacking(who: Who | null, route: Route): HttpProblem | undefined {
  if (!who) return new HttpProblem(401, "no-session", "Log in first.", { "WWW-Authenticate": "Bearer" });
  if (route.least !== "open" && !allows(who.role, route.least))
    return new HttpProblem(403, "role", `This asks for the role ${route.least}; you are ${who.role}.`);
  return undefined;
}

/** Tells the collector, which counts it and writes it down, that a change was refused here. Nobody waits for it. */
function tellRefusal(web: Web, request: IncomingMessage, { method, path }: Route, code: string, shown: string): void {
  if (code !== "no-session" && code !== "role" && code !== "origin") return;
  const from = { address: addressOf(request, web.config), browser: "" };
  web.collector.call("auth.refused", { route: `${method} ${path}`, code, from }, shown).catch((error: unknown) => {
    // While the collector is down or busy there is nobody to write it; what else goes wrong is a fault of ours.
    if (!(error instanceof BusProblem)) web.log(`web: a refusal was not told: ${String(error)}`);
  });
}

/** HEAD is GET whose body Node leaves out: load balancers ask so. */
const methodOf = (request: IncomingMessage) => (request.method === "HEAD" ? "GET" : (request.method ?? "GET"));

function find(table: readonly Route[], method: string, path: string) {
  const asked = segments(path);
  const methods = new Set<string>();
  for (const route of table) {
    const params = match(route.path.split("/"), asked);
    if (!params) continue;
    if (route.method === method) return { route, params };
    methods.add(route.method);
  }
  if (methods.size === 0) throw new HttpProblem(404, "not-found", "There is no such address.");
  const allow = [...methods].join(", ");
  throw new HttpProblem(405, "method", `This address takes ${allow}.`, { Allow: allow });
}

/** Decoded segments. A segment may hold an encoded slash: it stays one segment, and no file is ever looked for by it. */
function segments(path: string): string[] {
  try {
    return path.split("/").map(decodeURIComponent);
  } catch {
    throw new HttpProblem(400, "bad-request", "The address is not well encoded.");
  }
}

function match(pattern: readonly string[], asked: readonly string[]): Map<string, string> | null {
  if (pattern.length !== asked.length) return null;
  const params = new Map<string, string>();
  for (const [at, part] of pattern.entries()) {
    const given = asked[at] ?? "";
    if (!part.startsWith(":")) {
      if (part !== given) return null;
    } else if (given === "" || given.length > 200) return null;
    else params.set(part.slice(1), given);
  }
  return params;
}

/** A visitor who goes away ends it; a fault in the middle cuts the line, so that nobody takes half an answer for a whole one. */
async function sendStream(
  web: Web,
  response: ServerResponse,
  { type, lines }: NonNullable<Answer["stream"]>,
  headers: Answer["headers"],
): Promise<void> {
  response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-store", ...headers });
  try {
    await pipeline(Readable.from(lines), response);
  } catch (error) {
    if (!response.destroyed) response.destroy();
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "ERR_STREAM_PREMATURE_CLOSE") web.log(`web: an answer was cut: ${String(error)}`);
  }
}

function send(response: ServerResponse, answer: Answer): void {
  if (!answer.text) {
    sendJson(response, answer.status ?? 200, answer.body ?? {}, answer.headers);
    return;
  }
  response.writeHead(answer.status ?? 200, {
    "Content-Type": answer.text.type,
    "Cache-Control": "no-store",
    ...answer.headers,
  });
  response.end(answer.text.content);
}
