/**
 * What a refusal may say to a program, and the HTTP status that goes with it. One body for all of them (ApiError): the
 * code, and a sentence for people that names the thing.
 */
export const errorStatus = {
  "bad-request": 400,
  "no-session": 401,
  "bad-login": 401,
  role: 403,
  origin: 403,
  "bad-password": 403,
  disabled: 403,
  "not-found": 404,
  method: 405,
  /** What was asked for contradicts how things are now. */
  conflict: 409,
  "last-admin": 409,
  /** Of a remedy: another change is under way, the host looks otherwise than the plan, and so on. */
  changed: 409,
  confirm: 409,
  offline: 409,
  refused: 409,
  /** Revoked, expired or used up. */
  gone: 410,
  "too-large": 413,
  "media-type": 415,
  host: 421,
  /** With Retry-After. */
  limited: 429,
  fault: 500,
  "unknown-method": 501,
  /** The collector met a fault of its own, or its answer could not be read. */
  internal: 502,
  "collector-down": 503,
  busy: 503,
  timeout: 504,
} as const;
export type ErrorCode = keyof typeof errorStatus;
