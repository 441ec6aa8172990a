import type { IncomingMessage } from "node:http";
import type { z } from "zod";
import type { Who } from "@/lib/wire/bus";
import type { Role } from "@/lib/wire/rest";
import type { Web } from "./web";

/** A request that was let through. */
export interface Ask<B = unknown> {
  readonly web: Web;
  /** Who asks; null on routes that are open to nobody in particular. */
  readonly who: Who | null;
  /** What the asker showed; goes with every call to the collector. Empty when nothing was shown. */
  readonly credential: string;
  readonly params: ReadonlyMap<string, string>;
  readonly query: URLSearchParams;
  readonly body: B;
  readonly address: string;
  readonly secure: boolean;
  /** Scheme and name under which the asker reached the site, for links. */
  readonly base: string;
  readonly request: IncomingMessage;
}

/** Same, on routes that ask for a role. */
export interface KnownAsk<B = unknown> extends Ask<B> {
  readonly who: Who;
}

export interface Answer {
  readonly status?: number;
  /** Sent as JSON; {} when absent. */
  readonly body?: unknown;
  /** Sent as it is, with this type, in place of `body`. */
  readonly text?: { readonly type: string; readonly content: string };
  /** Sent piece by piece as it comes, with this type, in place of `body`. */
  readonly stream?: { readonly type: string; readonly lines: AsyncIterable<string> };
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** One line of the REST table (lib/wire/rest.ts), and what answers it. */
export interface Route {
  readonly method: Method;
  /** Segments; `:name` takes one whole segment. */
  readonly path: string;
  /** Least role. "open": no session needed, the handler itself decides what a stranger gets. */
  readonly least: Role | "open";
  readonly schema?: z.ZodType;
  readonly maxBytes: number;
  readonly handle: (ask: Ask) => Promise<Answer>;
}

const smallBody = 64 * 1024;

interface Spec<S extends z.ZodType | undefined> {
  readonly body?: S;
  readonly maxBytes?: number;
}
type BodyOf<S> = S extends z.ZodType ? z.output<S> : undefined;

/** Declares a route for people of at least this role. */
export function route<S extends z.ZodType | undefined = undefined>(
  method: Method,
  path: string,
  least: Role,
  spec: Spec<S>,
  handle: (ask: KnownAsk<BodyOf<S>>) => Promise<Answer>,
): Route {
  return {
    ...declare(method, path, spec),
    least,
    handle: (ask) => {
      if (!ask.who) throw new Error(`${method} ${path} was reached without a person`);
      // The router has put the body through `spec.body` (router.ts), so it is what BodyOf says.
      return handle({ ...ask, who: ask.who, body: ask.body as BodyOf<S> });
    },
  };
}

/** Declares a route that a stranger may call. */
export function openRoute<S extends z.ZodType | undefined = undefined>(
  method: Method,
  path: string,
  spec: Spec<S>,
  handle: (ask: Ask<BodyOf<S>>) => Promise<Answer>,
): Route {
  return {
    ...declare(method, path, spec),
    least: "open",
    handle: (ask) => handle({ ...ask, body: ask.body as BodyOf<S> }),
  };
}

function declare<S extends z.ZodType | undefined>(method: Method, path: string, spec: Spec<S>) {
  return {
    method,
    path,
    maxBytes: spec.maxBytes ?? smallBody,
    ...(spec.body === undefined ? {} : { schema: spec.body }),
  };
}

/** A path parameter by name; the router has put it there. */
export function param(ask: Ask, name: string): string {
  const value = ask.params.get(name);
  if (value === undefined) throw new Error(`route without :${name}`);
  return value;
}
