import * as z from "zod";
import { layers } from "../checks/define";
import { EvidenceSchema } from "../checks/finding";
import { EdgeKind, Json, NodeKind, Status } from "../graph/model";
import { HostState } from "./model";

/** Output of `taproot scan --json`, version 1. Stable: fields are added, never renamed or removed within a version. */
export const ScanResult = z.object({
  version: z.literal(1),
  takenAt: z.string(),
  hosts: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      address: z.string(),
      state: HostState,
      reason: z.string().optional(),
      probes: z.array(z.object({ id: z.string(), outcome: z.string(), ms: z.number(), bytes: z.number() })),
    }),
  ),
  nodes: z.array(
    z.object({
      id: z.string(),
      host: z.string(),
      kind: NodeKind,
      name: z.string(),
      status: Status,
      attributes: z.record(z.string(), Json),
    }),
  ),
  edges: z.array(
    z.object({
      id: z.string(),
      host: z.string(),
      kind: EdgeKind,
      from: z.string(),
      to: z.string(),
      status: Status,
      present: z.boolean(),
    }),
  ),
  findings: z.array(
    z.object({
      check: z.string(),
      layer: z.enum(layers),
      status: z.enum(["fail", "warn", "unknown"]),
      host: z.string(),
      subject: z.string(),
      message: z.string(),
      evidence: z.array(EvidenceSchema),
      cause: z.string().optional(),
      impacts: z.array(z.string()),
      /** The first of `remedies`: the gentlest. */
      remedy: z.string().optional(),
      remedies: z.array(z.string()).optional(),
      thresholds: z.record(z.string(), z.number()).optional(),
    }),
  ),
});
export type ScanResult = z.infer<typeof ScanResult>;
