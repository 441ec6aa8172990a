import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** Headers that every answer carries. `pin`: from now on browsers are to come by https only. */
export function commonHeaders(response: ServerResponse, pin: boolean): void {
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Referrer-Policy", "same-origin");
  response.setHeader("X-Frame-Options", "DENY"); // For browsers that do not know frame-ancestors.
  response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
  response.setHeader("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
  // Shared incidents above all, as page, JSON and Markdown: a public link that was pasted somewhere must not be found by a search engine.
  response.setHeader("X-Robots-Tag", "noindex, nofollow");
  if (pin) response.setHeader("Strict-Transport-Security", "max-age=31536000");
}

/**
 * Content policy of a page, with a nonce of its own. Next takes the nonce from the policy in the *request's* headers and puts it on its inline scripts, so the
 * policy is written there too, over whatever the visitor may have sent. Styles may be inline: React writes style attributes into the first HTML
 * and Cytoscape adds a style element; neither runs code.
 */
export function pagePolicy(request: IncomingMessage, response: ServerResponse, dev: boolean): void {
  const nonce = randomBytes(18).toString("base64");
  const policy = [
    "default-src 'self'",
    // The development server evaluates code; the built one does not.
    `script-src 'self' 'nonce-${nonce}'${dev ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
  request.headers["content-security-policy"] = policy;
  request.headers["x-nonce"] = nonce;
  delete request.headers["content-security-policy-report-only"];
  response.setHeader("Content-Security-Policy", policy);
}

/** Policy of answers that are no page: nothing in them may run, even when a browser is made to show one. */
export const dataPolicy = "default-src 'none'; frame-ancestors 'none'";
