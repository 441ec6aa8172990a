import * as z from "zod";
import { ApiError, restBase } from "@/lib/wire/rest";

/** A request that failed, with the server's own words where it gave any. `code` "network": nothing came back at all. */
export class ApiFailure extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
  ) {
    super(message);
    this.name = "ApiFailure";
  }
}

export interface CallOptions {
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/**
 * Calls the REST interface and validates the answer. `path` stands under /api; ids in it must be encoded by the caller (see `segment`).
 * Throws ApiFailure, also when the answer is not what the contract says: a page never draws a shape it does not know.
 */
export async function call<T extends z.ZodType>(
  answer: T,
  path: string,
  options: CallOptions = {},
): Promise<z.output<T>> {
  const response = await request(path, options);
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw failureOf(body, response.status, path);
  const parsed = answer.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ApiFailure(
    "shape",
    `unexpected answer from ${path}: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`,
    response.status,
  );
}

/** Same, for answers that are text (Markdown). */
export async function callText(path: string): Promise<string> {
  const response = await request(path, {});
  const text = await response.text();
  if (response.ok) return text;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  throw failureOf(body, response.status, path);
}

async function request(path: string, options: CallOptions): Promise<Response> {
  const { method = "GET", body, signal } = options;
  try {
    return await fetch(`${restBase}${path}`, {
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

function failureOf(body: unknown, status: number, path: string): ApiFailure {
  const parsed = ApiError.safeParse(body);
  return parsed.success
    ? new ApiFailure(parsed.data.error.code, parsed.data.error.message, status)
    : new ApiFailure("status", `${path} answered ${status}`, status);
}

/** One path segment: ids may hold anything. */
export const segment = (id: string): string => encodeURIComponent(id);

/** For routes that answer {}. */
export const nothing = z.object({});

/** What to show for anything that was thrown. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
