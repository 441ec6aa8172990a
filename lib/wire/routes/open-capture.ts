import * as z from "zod";
import { HostSpec } from "../rest";
import { defineRoute, hostLimitMs } from "./define";

/** Bytes that a file may have: `taproot capture` packs that of a large host into less than one million. */
export const largestCapture = 4 * 1024 * 1024;

const OpenCapture = z.object({
  /** Name of the file, for people: it stands where other hosts have their address. */
  file: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .regex(/^[^/\\\p{Cc}]+$/u, "the name of a file, without a folder"),
  /** What `taproot capture` wrote, gzip or plain, in base64. */
  content: z
    .base64("not base64")
    .min(1, "the file is empty")
    .max(Math.ceil(largestCapture / 3) * 4, `larger than ${largestCapture / 1024 / 1024} MB: pack it with gzip`),
  /** What it is called among the hosts; default: the host's own name there, with the day and hour. */
  id: HostSpec.shape.id.optional(),
});

export const route = defineRoute({
  method: "POST",
  path: "/api/captures",
  role: "admin",
  summary: "Opens a capture as a host of the fleet. It is removed like any other host.",
  body: OpenCapture,
  maxBytes: Math.ceil(largestCapture / 3) * 4 + 4096,
  result: z.object({ id: z.string() }),
  status: 201,
  errors: ["conflict"],
  limitMs: hostLimitMs,
});
