import type { IncomingMessage } from "node:http";
import type { z } from "zod";
import type { BusMethod, BusParams, BusResult, Who } from "@/lib/wire/bus";
import {
  type BodyOf,
  defaultLimitMs,
  type ParamsOf,
  type QueryOf,
  type RouteContract,
  type TextResult,
} from "@/lib/wire/routes/define";
import type { Web } from "./web";

/** A request as the router knows it, before its route's contract says what stands in it. */
export interface Request {
  readonly web: Web;
  /** Who asks; null on routes that are open to nobody in particular. */
  readonly who: Who | null;
  /** What the asker showed; goes with every call to the collector. Empty when nothing was shown. */
  readonly credential: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
  readonly address: string;
  readonly secure: boolean;
  /** Scheme and name under which the asker reached the site, for links. */
  readonly base: string;
  readonly request: IncomingMessage;
}

/** A request that was let through, in the shapes of its contract. */
export interface Ask<R extends RouteContract = RouteContract>
  extends Omit<Request, "who" | "params" | "query" | "body"> {
  readonly who: R["role"] extends "open" ? Who | null : Who;
  readonly params: ParamsOf<R>;
  readonly query: QueryOf<R>;
  readonly body: BodyOf<R>;
  /** Asks the collector in the asker's name, for as long as the contract says. @throws BusProblem */
  collector<M extends BusMethod>(method: M, params: BusParams<M>): Promise<BusResult<M>>;
  /** Same, in nobody's name: what the asker showed is of no concern to it. */
  asNobody<M extends BusMethod>(method: M, params: BusParams<M>): Promise<BusResult<M>>;
}

interface Headed {
  readonly headers?: Readonly<Record<string, string | string[]>>;
}
/** What a handler gives back: the result of its contract, and headers beside it. A text may come piece by piece. */
export type Answer<R extends RouteContract = RouteContract> = Headed &
  (R["result"] extends z.ZodType
    ? Record<never, never> extends z.input<R["result"]>
      ? { readonly body?: z.input<R["result"]> }
      : { readonly body: z.input<R["result"]> }
    : { readonly text: string | AsyncIterable<string> });

/** An answer of some route, as the router sends it. */
export interface Sendable extends Headed {
  readonly body?: unknown;
  readonly text?: string | AsyncIterable<string>;
}

/** A route with what answers it. */
export interface Handler {
  readonly route: RouteContract;
  readonly answer: (request: Request) => Promise<Sendable>;
}

/** Declares what answers a route. The router has held the request against the contract before it comes here. */
export function handle<const R extends RouteContract>(route: R, answer: (ask: Ask<R>) => Promise<Answer<R>>): Handler {
  const limitMs = route.limitMs ?? defaultLimitMs;
  return {
    route,
    answer: (request) => {
      if (route.role !== "open" && !request.who)
        throw new Error(`${route.method} ${route.path} was reached without a person`);
      const { collector } = request.web;
      const ask = {
        ...request,
        collector: <M extends BusMethod>(method: M, params: BusParams<M>) =>
          collector.call(method, params, request.credential, limitMs),
        asNobody: <M extends BusMethod>(method: M, params: BusParams<M>) => collector.call(method, params, "", limitMs),
      };
      // The router has put path, query and body through the contract (router.ts), so they are what Ask<R> says.
      return answer(ask as unknown as Ask<R>);
    },
  };
}

/** Content-Type of a text result. */
export const typeOf = ({ media }: TextResult): string => `${media}; charset=utf-8`;
