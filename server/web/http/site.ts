import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { cookieName, deviceCookie, deviceSeconds } from "@/server/auth/names";
import type { WebConfig } from "../config";
import { HttpProblem } from "./problem";

type Site = Pick<WebConfig, "url" | "behindProxy" | "transport">;

/**
 * Path and query that are asked for, in one normal form ("..", backslashes and doubled encodings resolved as a browser does), so that every part of the server
 * judges the same address. Whatever host an absolute address names is ignored: `//elsewhere/x` is a path here.
 * @throws HttpProblem 400 for what is no path at all.
 */
export function urlOf(request: IncomingMessage): URL {
  const asked = request.url ?? "/";
  if (asked.startsWith("/") && URL.canParse(`http://localhost${asked}`)) return new URL(`http://localhost${asked}`);
  throw new HttpProblem(400, "bad-request", "The address is not a path.");
}

/**
 * Whether the request comes from a page of this site, by its Origin: "same", "foreign", or "none" where the header is missing (not a browser, or a
 * browser's plain GET). Scheme, name and port all count. Without TAPROOT_URL the site is the Host that the browser asked for, which has been judged
 * before (host.ts).
 */
export function originOf(request: IncomingMessage, site: Site): "same" | "foreign" | "none" {
  const given = request.headers.origin;
  if (given === undefined) return request.headers["sec-fetch-site"] === "cross-site" ? "foreign" : "none";
  if (!/^https?:\/\/[^/]+$/.test(given) || !URL.canParse(given)) return "foreign"; // "null" of a sandboxed frame ends here.
  return new URL(given).origin === ownOrigin(request, site) ? "same" : "foreign";
}

/** Scheme, name and port under which the visitor reached the site; undefined where the request names no host. */
function ownOrigin(request: IncomingMessage, site: Site): string | undefined {
  if (site.url) return site.url.origin;
  const own = `${isSecure(request, site) ? "https" : "http"}://${request.headers.host ?? ""}`;
  return URL.canParse(own) ? new URL(own).origin : undefined;
}

/** Whether the visitor reached the site by https. */
export function isSecure(request: IncomingMessage, site: Site): boolean {
  if (site.transport.kind === "tls" || site.url?.protocol === "https:") return true;
  return site.behindProxy && last(request.headers["x-forwarded-proto"]) === "https";
}

/**
 * The visitor's address. A forwarded one is believed only where the operator says that a proxy stands before us.
 * @param socket where the request's own may be gone: Node takes it away from a request whose body was not read to its end.
 */
export function addressOf(request: IncomingMessage, site: Site, socket: Socket | null = request.socket): string {
  const forwarded = site.behindProxy ? last(request.headers["x-forwarded-for"]) : undefined;
  const address = forwarded || socket?.remoteAddress || "unknown";
  // A proxy passes on what a visitor made up: whatever is no address is none, and goes no further as text.
  return /^[\w.:%-]{1,64}$/.test(address) ? address.replace(/^::ffff:/, "") : "unknown";
}

const last = (header: string | string[] | undefined) => header?.toString().split(",").at(-1)?.trim();

/**
 * Name of a cookie of ours. On https it is one that a browser takes only from this very site, over https, for all of it (`__Host-`): a page of a sibling
 * name (evil.example.org beside taproot.example.org) or somebody on the wire could otherwise plant a session, or a device, of theirs.
 */
const ownCookieName = (name: string, secure: boolean) => (secure ? `__Host-${name}` : name);

export const sessionCookieName = (secure: boolean) => ownCookieName(cookieName, secure);

/** The session cookie's value, if the request carries one; on https the plain name does not count. The first one counts: a browser sends the more specific one first. */
export const sessionCookie = (header: string | undefined, secure: boolean) =>
  cookieOf(header, sessionCookieName(secure));

/** What the browser says of the device that it is. It opens nothing: the collector only counts its attempts apart. */
export const deviceOf = (header: string | undefined, secure: boolean) =>
  cookieOf(header, ownCookieName(deviceCookie, secure))?.slice(0, 200);

function cookieOf(header: string | undefined, name: string): string | null {
  for (const part of (header ?? "").split(";")) {
    const cut = part.indexOf("=");
    if (cut > 0 && part.slice(0, cut).trim() === name) return part.slice(cut + 1).trim() || null;
  }
  return null;
}

/** What the request shows to prove who it is: an API token before a cookie, so that a script with both is not bound to the Origin rule. */
export function credentialOf(
  request: IncomingMessage,
  secure: boolean,
): { value: string; by: "cookie" | "bearer" } | null {
  const header = request.headers.authorization;
  if (header !== undefined) {
    const match = /^Bearer ([A-Za-z0-9_-]{1,512})$/i.exec(header);
    return { value: match?.[1] ?? "", by: "bearer" };
  }
  const cookie = sessionCookie(request.headers.cookie, secure);
  return cookie === null ? null : { value: cookie, by: "cookie" };
}

/** Set-Cookie line that opens or (value "") ends a session in the browser. */
export const cookieLine = (value: string, seconds: number, secure: boolean) =>
  setCookie(sessionCookieName(secure), value, seconds, secure);

/** Set-Cookie line by which a browser is known at its next log-in. */
export const deviceLine = (value: string, secure: boolean) =>
  setCookie(ownCookieName(deviceCookie, secure), value, deviceSeconds, secure);

const setCookie = (name: string, value: string, seconds: number, secure: boolean) =>
  `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
