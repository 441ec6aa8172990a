import type { IncomingMessage, ServerResponse } from "node:http";
import { buildHeader } from "@/lib/wire/build";
import { nextPath } from "@/lib/wire/next-path";
import { plainHttpHeader } from "@/lib/wire/plain-http";
import { pagePolicy } from "./http/headers";
import { HttpProblem } from "./http/problem";
import { refuse } from "./http/refuse";
import { cookieLine, isSecure, sessionCookie, urlOf } from "./http/site";
import { isDown, patiently, sendWaiting } from "./waiting";
import type { Web } from "./web";

/** Draws a page: Next's request handler, or a stand-in in tests. */
export type PageHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Code, styles and fonts of the build, and icons at the root: the same for everybody, needed before anybody has logged in. */
const asset = /^\/(_next\/static\/([\w./~@()[\]-]|%(5b|5d|28|29|40))+|[\w-]+\.(ico|svg|png|webmanifest|txt))$/i;
const openPages = new Set(["/login", "/setup"]);

/**
 * Lets a page be drawn, or sends its visitor to the login. Next sees only plain reads, at the address that was judged here: no server actions, and none of
 * the headers by which Next's own parts talk to one another.
 */
export async function answerPage(
  web: Web,
  request: IncomingMessage,
  response: ServerResponse,
  draw: PageHandler,
): Promise<void> {
  try {
    if (request.method !== "GET" && request.method !== "HEAD")
      throw new HttpProblem(405, "method", "Pages are only read.", { Allow: "GET, HEAD" });
    const url = urlOf(request);
    for (const name of Object.keys(request.headers))
      if (/^(x-middleware-|x-nextjs-|x-invoke-|x-matched-path|next-action)/.test(name)) delete request.headers[name];
    // Read by app/layout.tsx. What a visitor sends under this name does not count.
    delete request.headers[plainHttpHeader];
    if (web.config.transport.kind === "plain") request.headers[plainHttpHeader] = "1";
    delete request.headers[buildHeader];
    const build = web.build?.();
    if (build !== undefined) request.headers[buildHeader] = build;
    request.url = url.pathname + url.search;
    const elsewhere = await patiently(web.collector, () => redirectOf(web, request, url));
    if (elsewhere) {
      response.writeHead(302, { Location: elsewhere.to, "Cache-Control": "no-store", ...elsewhere.headers });
      response.end();
      return;
    }
    pagePolicy(request, response, web.config.dev);
    await draw(request, response);
  } catch (error) {
    if (isDown(error) && !response.headersSent) sendWaiting(response);
    else refuse(web, request, response, error);
  }
}

interface Redirect {
  readonly to: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where the visitor must go instead; null when he may stay. */
async function redirectOf(web: Web, request: IncomingMessage, url: URL): Promise<Redirect | null> {
  const path = url.pathname;
  if (asset.test(path) || (web.config.dev && path.startsWith("/_next/"))) return null;
  if (openPages.has(path)) {
    const next = url.searchParams.get("next");
    return next !== null && nextPath(next) !== next ? { to: path } : null;
  }
  const secure = isSecure(request, web.config);
  const cookie = sessionCookie(request.headers.cookie, secure);
  if (cookie !== null && (await web.whoIs(cookie))) return null;
  if (await isPublicIncident(web, path)) return null;
  const next = nextPath(path + url.search);
  const to = next === "/" ? "/login" : `/login?next=${encodeURIComponent(next)}`;
  // A session that has ended leaves its cookie behind; it would only be asked about again and again.
  return cookie === null ? { to } : { to, headers: { "Set-Cookie": cookieLine("", 0, secure) } };
}

/** A link that its maker opened to everybody stays drawn when it has expired too: the page then says so. */
async function isPublicIncident(web: Web, path: string): Promise<boolean> {
  const id = /^\/share\/([A-Za-z0-9_-]{1,64})$/.exec(path)?.[1];
  return id !== undefined && (await web.collector.call("incident.isPublic", { id }, "")).public;
}
