import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { ParseError } from "@/lib/probes/define";
import { parseJson } from "@/lib/probes/json";
import { HostSpec } from "@/lib/wire/rest";

const outcomes = ["ok", "absent", "refused", "timeout", "cut", "failed", "garbled", "lost"] as const;
/** Unix ms; the largest is the last that a Date can hold. */
const time = z.number().min(0).max(8.64e15);

/** One run of one probe, as a capture keeps it. */
export const Recorded = z.object({
  id: z.string().max(100),
  outcome: z.enum(outcomes),
  ms: z.number(),
  bytes: z.number(),
  exit: z.number(),
  at: time,
  detail: z.string().optional(),
  /** What was printed: text where it is UTF-8, else base64. */
  text: z.string().optional(),
  base64: z.string().optional(),
});
export type Recorded = z.infer<typeof Recorded>;

/** A capture, version 1: what the probes printed, scrubbed, with how each ended. `taproot capture` writes it. */
export const Capture = z.object({
  format: z.literal("taproot-capture"),
  version: z.literal(1),
  takenAt: z.string().refine((text) => !Number.isNaN(Date.parse(text)), "not a time"),
  host: z.object({
    id: HostSpec.shape.id,
    name: z.string(),
    address: z.string(),
    hostname: z.string(),
    root: z.enum(["direct", "sudo", "none"]),
  }),
  scrubbed: z.array(z.object({ what: z.string(), count: z.number() })),
  sweeps: z.array(z.array(Recorded)).min(1),
});
export type Capture = z.infer<typeof Capture>;

/** A file that is no capture, and why, with its name. */
export class CaptureError extends Error {
  override readonly name = "CaptureError";
}

/** A capture that is to be read on a person's own machine may be as large as this, unpacked, bytes. */
export const largestUnpacked = 512 * 1024 * 1024;

/**
 * Reads a capture, plain or gzip by its first bytes. `most`: bytes that it may have, on disk and unpacked.
 * @throws CaptureError that names the file and what is wrong with it.
 */
export function readCapture(bytes: Uint8Array, file: string, most: number = largestUnpacked): Capture {
  const bad = (why: string) => new CaptureError(`${file}: ${why}`);
  if (bytes.length === 0) throw bad("the file is empty");
  if (bytes.length > most) throw bad(`larger than ${most} bytes`);
  const value = parsed(unpacked(bytes, most, bad), bad);
  const head = z.object({ format: z.literal("taproot-capture"), version: z.number() }).safeParse(value);
  if (!head.success) throw bad("no capture of taproot (the field format is missing)");
  if (head.data.version !== 1) throw bad(`version ${head.data.version} of the format; this program reads version 1`);
  const read = Capture.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw bad(`${issue?.path.map(String).join(".") ?? "?"}: ${issue?.message ?? "does not fit"}`);
}

type Bad = (why: string) => CaptureError;

export const isPacked = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

function unpacked(bytes: Uint8Array, most: number, bad: Bad): string {
  try {
    return Buffer.from(isPacked(bytes) ? gunzipSync(bytes, { maxOutputLength: most }) : bytes).toString("utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE") throw bad(`larger than ${most} bytes when it is unpacked`);
    throw bad(`cannot be unpacked, cut or damaged: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** @throws what `bad` makes. Depth and number of values are bounded before any of it takes memory. */
function parsed(text: string, bad: Bad): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof ParseError) throw bad(error.message);
    throw bad(`not JSON, cut or damaged: ${error instanceof Error ? error.message : String(error)}`);
  }
}
