import { gzipSync } from "node:zlib";
import { BusProblem } from "@/server/bus/problem";
import type { BusParsed } from "@/server/bus/server";
import type { CaptureSpec } from "../sources/capture";
import { type Capture, CaptureError, isPacked, readCapture } from "./format";
import { largestOpened } from "./host";

/**
 * What is to be stored of a capture that somebody opens.
 * @throws BusProblem bad-request, which names the file and what is wrong with it.
 */
export function opened({ file, content, id }: BusParsed<"capture.open">): CaptureSpec {
  const bytes = Buffer.from(content, "base64");
  const capture = read(bytes, file);
  const packed = isPacked(bytes) ? bytes : gzipSync(bytes);
  return {
    source: "capture",
    id: id ?? usualId(capture),
    file,
    takenAt: Date.parse(capture.takenAt),
    packed: packed.toString("base64"),
  };
}

function read(bytes: Buffer, file: string): Capture {
  try {
    return readCapture(bytes, file, largestOpened);
  } catch (error) {
    throw error instanceof CaptureError ? new BusProblem("bad-request", error.message) : error;
  }
}

/** The host's own name there, with day, hour and minute (UTC): the host itself may well be among the others. */
function usualId({ host, takenAt }: Capture): string {
  const stamp = new Date(takenAt).toISOString().slice(0, 16).replaceAll(/[-:]/g, "").replace("T", "-");
  return `${host.id.slice(0, 62 - stamp.length)}-${stamp}`;
}
