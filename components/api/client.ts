import type { z } from "zod";
import { ApiError } from "@/lib/wire/rest";
import { addressOf, type InputOf, isText, type ResultOf, type RouteContract } from "@/lib/wire/routes/define";
import type { Language, Wording } from "@/lib/wording";

/** A request that failed, with the server's own words where it gave any. `code` "network": nothing came back at all. */
export class ApiFailure extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    /** The message in every language, where the server has it in them. */
    readonly words?: Wording,
  ) {
    super(message);
    this.name = "ApiFailure";
  }
}

/**
 * Calls a route by its contract (lib/wire/routes) and validates the answer. Throws ApiFailure, also when the answer is
 * not what the contract says: a page never draws a shape it does not know. `signal` gives it up.
 */
export async function call<R extends RouteContract>(
  route: R,
  input: InputOf<R>,
  signal?: AbortSignal,
): Promise<ResultOf<R>> {
  const address = addressOf(route, input);
  const response = await request(route, address, input.body, signal);
  const { result } = route;
  if (isText(result)) {
    const text = await response.text();
    if (!response.ok) throw failureOf(parse(text), response.status, address);
    return text as ResultOf<R>;
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw failureOf(body, response.status, address);
  return checked(result, body, response.status, address) as ResultOf<R>;
}

function checked(result: z.ZodType, body: unknown, status: number, address: string): unknown {
  const parsed = result.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = `${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`;
  throw new ApiFailure("shape", `unexpected answer from ${address}: ${place}`, status);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's own page: the status says what there is to say.
    return undefined;
  }
}

async function request(
  { method }: RouteContract,
  address: string,
  body: unknown,
  signal: AbortSignal | undefined,
): Promise<Response> {
  try {
    return await fetch(address, {
      method,
      cache: "no-store",
      credentials: "same-origin",
      ...(signal ? { signal } : {}),
      ...(body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiFailure("network", "the server did not answer", 0);
  }
}

function failureOf(body: unknown, status: number, address: string): ApiFailure {
  const parsed = ApiError.safeParse(body);
  return parsed.success
    ? new ApiFailure(parsed.data.error.code, parsed.data.error.message, status, parsed.data.error.words)
    : new ApiFailure("status", `${address} answered ${status}`, status);
}

/** What to show for anything that was thrown. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The same in the reader's language, as far as the server has it in that. */
export const reasonIn = (error: unknown, language: Language): string =>
  (error instanceof ApiFailure ? error.words?.[language] : undefined) ?? reasonOf(error);
