import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";
import { ApiError } from "@/lib/wire/rest";
import { route } from "@/lib/wire/routes/open-capture";
import { CaptureError, isPacked, readCapture } from "@/server/collector/capture/format";
import { isLoopback } from "@/server/transport";
import type { Context } from "../context";
import { passwordFrom } from "../secrets";
import { UsageError } from "../targets";
import { visible } from "../visible";

export interface OpenOptions {
  readonly to: string;
  readonly name?: string;
  readonly tokenFile?: string;
}

const patienceMs = 90_000;

/** `taproot open`: gives a capture to a server, which shows it among its hosts. Resolves with 0. Throws UsageError. */
export async function openCommand(file: string, options: OpenOptions, context: Context): Promise<number> {
  const site = siteOf(options.to);
  const token = options.tokenFile === undefined ? process.env.TAPROOT_TOKEN : passwordFrom(options.tokenFile);
  if (!token) throw new UsageError("no API token: --token-file FILE, or TAPROOT_TOKEN (make one under Settings)");
  const id = await send(site, token, bodyOf(file, options.name), context.signal);
  context.terminal.out(`${site.origin}/hosts/${encodeURIComponent(id)}\n`);
  return 0;
}

/** The server's address. A token that goes over the network in the clear is anybody's. */
function siteOf(text: string): URL {
  if (!URL.canParse(text)) throw new UsageError(`--to ${text}: not an address such as https://taproot.example.net`);
  const site = new URL(text);
  const plain = site.protocol === "http:";
  if (!plain && site.protocol !== "https:") throw new UsageError(`--to ${text}: neither https nor http`);
  if (plain && !isLoopback(site.hostname.replace(/^\[|\]$/g, "")))
    throw new UsageError(`--to ${text}: the token would go over the network in the clear; use https`);
  return site;
}

/** What the server is sent, held against its contract here: a file that is none says so before anything is sent. */
function bodyOf(file: string, name: string | undefined): unknown {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
    readCapture(bytes, file);
  } catch (error) {
    if (error instanceof CaptureError) throw new UsageError(error.message);
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const content = (isPacked(bytes) ? bytes : gzipSync(bytes)).toString("base64");
  const body = route.body.safeParse({ file: basename(file), content, ...(name === undefined ? {} : { id: name }) });
  if (body.success) return body.data;
  const issue = body.error.issues[0];
  throw new UsageError(`${issue?.path[0] === "id" ? `--name ${name}` : file}: ${issue?.message ?? "does not fit"}`);
}

async function send(site: URL, token: string, body: unknown, signal: AbortSignal): Promise<string> {
  let answer: Response;
  try {
    answer = await fetch(new URL(route.path, site), {
      method: route.method,
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
    });
  } catch (error) {
    signal.throwIfAborted();
    const { cause } = error as Error;
    throw new UsageError(`${site.origin}: ${cause instanceof Error ? cause.message : String(error)}`);
  }
  const said: unknown = await answer.json().catch(() => undefined);
  if (answer.ok) return route.result.parse(said).id;
  const refused = ApiError.safeParse(said);
  const why = refused.success ? refused.data.error.message : `status ${answer.status}`;
  throw new UsageError(`${site.origin}: ${visible(why)}`);
}
