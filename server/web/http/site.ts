import type { IncomingMessage } from "node:http";
import { cookieName } from "@/server/auth/names";
import type { WebConfig } from "../config";
import { HttpProblem } from "./problem";

type Site = Pick<WebConfig, "url" | "behindProxy">;

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
 * browser's plain GET). Without TAPROOT_URL the site is whatever Host the browser asked for: another site cannot make a browser send our name there
 * together with our cookie.
 */
export function originOf(request: IncomingMessage, site: Site): "same" | "foreign" | "none" {
  const given = request.headers.origin;
  if (given === undefined) return request.headers["sec-fetch-site"] === "cross-site" ? "foreign" : "none";
  if (!/^https?:\/\/[^/]+$/.test(given) || !URL.canParse(given)) return "foreign"; // "null" of a sandboxed frame ends here.
  const origin = new URL(given);
  if (site.url && origin.origin === site.url.origin) return "same";
  return !site.url && origin.host === hostOf(request) ? "same" : "foreign";
}

const hostOf = (request: IncomingMessage) => {
  const host = request.headers.host;
  return host !== undefined && URL.canParse(`http://${host}`) ? new URL(`http://${host}`).host : undefined;
};

/** Whether the visitor reached the site by https. */
export function isSecure(request: IncomingMessage, site: Site): boolean {
  if (site.url?.protocol === "https:") return true;
  return site.behindProxy && last(request.headers["x-forwarded-proto"]) === "https";
}

/** The visitor's address. A forwarded one is believed only where the operator says that a proxy stands before us. */
export function addressOf(request: IncomingMessage, site: Site): string {
  const forwarded = site.behindProxy ? last(request.headers["x-forwarded-for"]) : undefined;
  const address = forwarded || request.socket.remoteAddress || "unknown";
  return address.replace(/^::ffff:/, "").slice(0, 64);
}

const last = (header: string | string[] | undefined) => header?.toString().split(",").at(-1)?.trim();

/** The session cookie's value, if the request carries one. The first one counts: a browser sends the more specific one first. */
export function sessionCookie(header: string | undefined): string | null {
  for (const part of (header ?? "").split(";")) {
    const cut = part.indexOf("=");
    if (cut > 0 && part.slice(0, cut).trim() === cookieName) return part.slice(cut + 1).trim() || null;
  }
  return null;
}

/** What the request shows to prove who it is: an API token before a cookie, so that a script with both is not bound to the Origin rule. */
export function credentialOf(request: IncomingMessage): { value: string; by: "cookie" | "bearer" } | null {
  const header = request.headers.authorization;
  if (header !== undefined) {
    const match = /^Bearer ([A-Za-z0-9_-]{1,512})$/i.exec(header);
    return { value: match?.[1] ?? "", by: "bearer" };
  }
  const cookie = sessionCookie(request.headers.cookie);
  return cookie === null ? null : { value: cookie, by: "cookie" };
}

/** Set-Cookie line that opens or (value "") ends a session in the browser. */
export function cookieLine(value: string, seconds: number, secure: boolean): string {
  return `${cookieName}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
}
