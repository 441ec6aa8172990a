import * as z from "zod";
import type { ErrorCode } from "../errors";
import type { Role } from "../rest";

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** An answer that is no JSON value: a text, or lines that each are one. */
export interface TextResult {
  readonly media: "text/markdown" | "application/jsonl";
  /** What stands on each line, where the lines are JSON. */
  readonly line?: z.ZodType;
}

/**
 * One REST route, once, for both ends: the server takes requests by it, the page calls by it, and docs/api.md and
 * /api/openapi.json are written from it. The handler is the file of the same name in server/web/routes.
 */
export interface RouteContract {
  readonly method: Method;
  /** Segments; `:name` takes one whole segment of at most 200 characters. */
  readonly path: string;
  /**
   * Least role. "open": nobody has to be known, and the collector decides what a stranger gets. The collector asks for
   * the role of its own method as well (lib/wire/bus.ts), whatever stands here.
   */
  readonly role: Role | "open";
  /** One sentence: what it does. */
  readonly summary: string;
  readonly body?: z.ZodType;
  /** Longest body, bytes; default 64 KiB. */
  readonly maxBytes?: number;
  /** The part behind "?". Each field takes one value; others are passed over. */
  readonly query?: z.ZodObject;
  /** What it answers when it does what was asked. */
  readonly result: z.ZodType | TextResult;
  /** Of that answer; default 200. */
  readonly status?: 200 | 201;
  /** Codes of its own refusals. Those that every route of its kind has are added by `errorsOf`. */
  readonly errors: readonly ErrorCode[];
  /** How long the collector may take, ms; default 15 s. */
  readonly limitMs?: number;
}

export const defaultMaxBytes = 64 * 1024;
export const defaultLimitMs = 15_000;
/** A route that waits for a host, or for a hash that is made to be slow, says one of these, ms. */
export const hashLimitMs = 30_000;
export const hostLimitMs = 60_000;

export const defineRoute = <const R extends RouteContract>(route: R): R => route;

/** The answer of a route that has nothing to say but that it is done. */
export const nothing = z.object({});

type NamesIn<P extends string> = P extends `${string}/:${infer Name}/${infer Rest}`
  ? Name | NamesIn<`/${Rest}`>
  : P extends `${string}/:${infer Name}`
    ? Name
    : never;
/** What stands in place of the `:names` of a path. */
export type ParamsOf<R extends RouteContract> = string extends R["path"]
  ? Readonly<Record<string, string>>
  : { readonly [N in NamesIn<R["path"]>]: string };
export type BodyOf<R extends RouteContract> = R["body"] extends z.ZodType ? z.output<R["body"]> : undefined;
export type QueryOf<R extends RouteContract> = R["query"] extends z.ZodType ? z.output<R["query"]> : undefined;
export type ResultOf<R extends RouteContract> = R["result"] extends z.ZodType ? z.output<R["result"]> : string;

/** What a caller gives: only what the route takes, each where it stands. */
export type InputOf<R extends RouteContract> = (keyof ParamsOf<R> extends never
  ? { readonly params?: undefined }
  : { readonly params: ParamsOf<R> }) &
  (R["query"] extends z.ZodType ? { readonly query: z.input<R["query"]> } : { readonly query?: undefined }) &
  (R["body"] extends z.ZodType ? { readonly body: z.input<R["body"]> } : { readonly body?: undefined });

/** The same, of a route that is only known as one of many. */
export interface Given {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
}

/**
 * Address of a route, with what the caller gives for its `:names` and behind "?". Ids may hold anything: they are
 * encoded here. A name that is not given leaves its segment empty, and no route takes that.
 */
export function addressOf(route: Pick<RouteContract, "path">, given: Given): string {
  const params = new Map<string, unknown>(Object.entries(given.params ?? {}));
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params.get(name) ?? "")));
  const asked = Object.entries(given.query ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`],
  );
  return asked.length === 0 ? path : `${path}?${asked.join("&")}`;
}

export const isText = (result: z.ZodType | TextResult): result is TextResult => "media" in result;

/** Any route may answer with these: the server, or the collector behind it, could not do what it otherwise does. */
const always: readonly ErrorCode[] = ["host", "fault", "internal", "collector-down", "busy", "timeout"];

/** All codes with which a route may refuse: those that it names, and those that follow from what it takes. */
export function errorsOf(route: RouteContract): ErrorCode[] {
  const takes = route.body !== undefined || route.query !== undefined || route.path.includes("/:");
  return [
    ...new Set<ErrorCode>([
      ...(takes ? (["bad-request"] as const) : []),
      ...(route.role === "open" ? [] : (["no-session", "role"] as const)),
      ...(route.method === "GET" ? [] : (["origin"] as const)),
      ...(route.body === undefined ? [] : (["too-large", "media-type"] as const)),
      ...route.errors,
      ...always,
    ]),
  ];
}
