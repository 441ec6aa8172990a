import * as z from "zod";
import { HostSpec } from "@/lib/wire/rest";
import { largestCapture } from "@/lib/wire/routes/open-capture";
import { CapturedHost } from "../capture/host";
import { defineSource } from "./define";

/** A capture that somebody has opened, with the file itself: it is there after a restart, whatever became of the file. */
export const CaptureSpec = z.object({
  source: z.literal("capture"),
  id: HostSpec.shape.id,
  /** Name of the file that it came from. */
  file: z.string().max(200),
  /** Unix ms. */
  takenAt: z.number(),
  /** The file, gzip, base64. */
  packed: z.base64().max(Math.ceil(largestCapture / 3) * 4),
});
export type CaptureSpec = z.infer<typeof CaptureSpec>;

/** What `taproot capture` has recorded of a host: played once, shown as of then, and never connected to. */
export const source = defineSource<CaptureSpec>({
  kind: "capture",
  spec: CaptureSpec,
  says: ({ file, takenAt }) => `${file}, taken ${new Date(takenAt).toISOString()}`,
  info: ({ file, takenAt }) => ({ address: file, takenAt }),
  watched: false,
  host: ({ spec, engine, info, deps }) => new CapturedHost(spec.packed, engine, info, deps),
});
