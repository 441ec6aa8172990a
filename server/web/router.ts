import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { z } from "zod";
import type { Who } from "@/lib/wire/bus";
import { defaultMaxBytes, isText, type RouteContract } from "@/lib/wire/routes/define";
import { allows } from "@/server/auth/roles";
import { BusProblem } from "@/server/bus/problem";
import { type Handler, type Sendable, typeOf } from "./handle";
import { readBody } from "./http/body";
import { dataPolicy } from "./http/headers";
import { badBody, HttpProblem, sendJson } from "./http/problem";
import { refuse } from "./http/refuse";
import { addressOf, credentialOf, isSecure, originOf, urlOf } from "./http/site";
import { handlers } from "./routes/registry";
import type { Web } from "./web";

/** Where two routes fit an address, the one with more words of its own is meant: /tokens/all before /tokens/:id. */
const served: readonly Handler[] = Object.values(handlers).sort(
  (a, b) => a.route.path.split("/:").length - b.route.path.split("/:").length,
);

/**
 * Answers a request under /api/ or to /healthz. The order matters: which route, may this page ask at all (Origin),
 * who asks, may he, and only then is a byte of the body read.
 */
export async function answerApi(
  web: Web,
  request: IncomingMessage,
  response: ServerResponse,
  table: readonly Handler[] = served,
): Promise<void> {
  response.setHeader("Content-Security-Policy", dataPolicy);
  try {
    const { route, answer } = await dispatch(web, request, table);
    await send(web, response, route, answer);
  } catch (error) {
    refuse(web, request, response, error);
  }
}

async function dispatch(
  web: Web,
  request: IncomingMessage,
  table: readonly Handler[],
): Promise<{ readonly route: RouteContract; readonly answer: Sendable }> {
  const url = urlOf(request);
  const { handler, params } = find(table, methodOf(request), url.pathname);
  const { route } = handler;
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
  const who = credential === null || route.role === "open" ? null : await web.whoIs(credential.value);
  const problem = route.role === "open" ? undefined : lacking(who, route);
  if (problem) throw refused(problem, credential?.value ?? "");
  const query = route.query && queryOf(route.query, url.searchParams);
  const body = route.body && (await readBody(request, route.body, route.maxBytes ?? defaultMaxBytes));
  const answer = await handler.answer({
    web,
    who,
    credential: credential?.value ?? "",
    params,
    query,
    body,
    address: addressOf(request, web.config),
    secure,
    base: web.config.url?.origin ?? `${secure ? "https" : "http"}://${request.headers.host ?? "localhost"}`,
    request,
  });
  return { route, answer };
}

/** The fields of the query that the route knows; of several values of one, the first. */
function queryOf(schema: z.ZodObject, given: URLSearchParams): unknown {
  const fields = Object.keys(schema.shape).map((name) => [name, given.get(name) ?? undefined] as const);
  const parsed = schema.safeParse(Object.fromEntries(fields));
  if (!parsed.success) throw badBody(parsed.error);
  return parsed.data;
}

const wrongOrigin = ({ config }: Web) =>
  config.url
    ? `This request does not come from a page of ${config.url.origin}, the address of this site (TAPROOT_URL).`
    : "This request does not come from a page of this site (its Origin is another, or missing).";

/** What the asker lacks for this route. */
function lacking(who: Who | null, { role }: RouteContract): HttpProblem | undefined {
  if (!who) return new HttpProblem(401, "no-session", "Log in first.", { "WWW-Authenticate": "Bearer" });
  if (role !== "open" && !allows(who.role, role))
    return new HttpProblem(403, "role", `This asks for the role ${role}; you are ${who.role}.`);
  return undefined;
}

/** Tells the collector, which counts it and writes it down, that a change was refused here. Nobody waits for it. */
function tellRefusal(
  web: Web,
  request: IncomingMessage,
  { method, path }: RouteContract,
  code: string,
  shown: string,
): void {
  if (code !== "no-session" && code !== "role" && code !== "origin") return;
  const from = { address: addressOf(request, web.config), browser: "" };
  web.collector.call("auth.refused", { route: `${method} ${path}`, code, from }, shown).catch((error: unknown) => {
    // While the collector is down or busy there is nobody to write it; what else goes wrong is a fault of ours.
    if (!(error instanceof BusProblem)) web.log(`web: a refusal was not told: ${String(error)}`);
  });
}

/** HEAD is GET whose body Node leaves out: load balancers ask so. */
const methodOf = (request: IncomingMessage) => (request.method === "HEAD" ? "GET" : (request.method ?? "GET"));

function find(table: readonly Handler[], method: string, path: string) {
  const asked = segments(path);
  const methods = new Set<string>();
  for (const handler of table) {
    const params = match(handler.route.path.split("/"), asked);
    if (!params) continue;
    if (handler.route.method === method) return { handler, params };
    methods.add(handler.route.method);
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

function match(pattern: readonly string[], asked: readonly string[]): Record<string, string> | null {
  if (pattern.length !== asked.length) return null;
  const params: Record<string, string> = {};
  for (const [at, part] of pattern.entries()) {
    const given = asked[at] ?? "";
    if (!part.startsWith(":")) {
      if (part !== given) return null;
    } else if (given === "" || given.length > 200) return null;
    // The names are ours, from the contract: none of them is "__proto__".
    else params[part.slice(1)] = given;
  }
  return params;
}

async function send(web: Web, response: ServerResponse, route: RouteContract, answer: Sendable): Promise<void> {
  const status = route.status ?? 200;
  if (!isText(route.result)) return sendJson(response, status, answer.body ?? {}, answer.headers);
  response.writeHead(status, {
    "Content-Type": typeOf(route.result),
    "Cache-Control": "no-store",
    ...answer.headers,
  });
  if (typeof answer.text === "object") await sendPieces(web, response, answer.text);
  else response.end(answer.text);
}

/**
 * A visitor who goes away ends it; a fault in the middle cuts the line, so that nobody takes half an answer for a whole
 * one.
 */
async function sendPieces(web: Web, response: ServerResponse, pieces: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(pieces), response);
  } catch (error) {
    if (!response.destroyed) response.destroy();
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "ERR_STREAM_PREMATURE_CLOSE") web.log(`web: an answer was cut: ${String(error)}`);
  }
}
