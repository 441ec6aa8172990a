import * as z from "zod";
import { Finding } from "../checks/finding";
import { GraphEdge, GraphNode, Status } from "../graph/model";
import { Problem, ProblemBrief } from "../problems/problem";

/**
 * States of a host's connection. `refused` needs a person: a key, login or sudo was turned down. `failed`: internal
 * fault, met in the work for this host; it is tried again. `captured`: there is no connection and never was one here,
 * only what somebody has recorded.
 */
export const HostState = z.enum([
  "connecting",
  "live",
  "degraded",
  "stale",
  "unreachable",
  "refused",
  "failed",
  "captured",
]);
export type HostState = z.infer<typeof HostState>;

/** Whether what is shown of a host is what it says: now, or, of a capture, at its time. Otherwise it is old. */
export const isWhatItSays = (state: HostState): boolean =>
  state === "live" || state === "degraded" || state === "captured";

export const ProbeReport = z.object({
  id: z.string(),
  outcome: z.enum(["ok", "absent", "refused", "timeout", "cut", "failed", "garbled", "lost"]),
  /** Time on the host as seen from here, ms. */
  ms: z.number(),
  bytes: z.number(),
  detail: z.string().optional(),
  at: z.number(),
});
export type ProbeReport = z.infer<typeof ProbeReport>;

/** A node or edge with its verdict, as the page draws it. */
export const ViewNode = GraphNode.extend({ status: Status });
export type ViewNode = z.infer<typeof ViewNode>;
export const ViewEdge = GraphEdge.extend({ status: Status });
export type ViewEdge = z.infer<typeof ViewEdge>;

export const HostInfo = z.object({
  id: z.string(),
  name: z.string(),
  address: z.string(),
  state: HostState,
  reason: z.string().optional(),
  /** Since when it is in this state, Unix ms. */
  since: z.number(),
  /** When the newest facts were read, Unix ms; null before the first sweep. */
  seenAt: z.number().nullable(),
  demo: z.boolean(),
  /** Kind of source that it is read from: server/collector/sources. Absent: by SSH. */
  source: z.string().optional(),
  /** Of a capture: when it was taken, Unix ms. */
  takenAt: z.number().optional(),
  /** What runs there. Absent: Linux. */
  platform: z.string().optional(),
  /** What its operators call it by, beside its name. */
  labels: z.record(z.string(), z.string()).optional(),
  /** Which collector reads it. */
  collector: z.string().optional(),
});
export type HostInfo = z.infer<typeof HostInfo>;

/** Everything about one host at one sequence number. */
export const HostSnapshot = z.object({
  host: HostInfo,
  seq: z.number().int().nonnegative(),
  /** Changes with each start of the collector: sequence numbers are comparable only within one epoch. */
  epoch: z.string(),
  at: z.number(),
  nodes: z.array(ViewNode),
  edges: z.array(ViewEdge),
  findings: z.array(Finding),
  /** The findings that tell of a fault, by cause. */
  problems: z.array(Problem),
  /** Ids of checks that were evaluated and pass, by subject: for the folded part of the panel. */
  passed: z.array(z.object({ subject: z.string(), checks: z.array(z.string()) })),
  probes: z.array(ProbeReport),
});
export type HostSnapshot = z.infer<typeof HostSnapshot>;

const part = <T extends z.ZodType>(item: T) => z.object({ put: z.array(item), drop: z.array(z.string()) });

/** What makes snapshot `seq - 1` into snapshot `seq`. Parts that did not change are absent. */
export const HostDelta = z.object({
  host: z.string(),
  epoch: z.string(),
  seq: z.number().int().positive(),
  at: z.number(),
  info: HostInfo.optional(),
  nodes: part(ViewNode).optional(),
  edges: part(ViewEdge).optional(),
  findings: part(Finding).optional(),
  problems: part(Problem).optional(),
  passed: part(z.object({ subject: z.string(), checks: z.array(z.string()) })).optional(),
  probes: part(ProbeReport).optional(),
});
export type HostDelta = z.infer<typeof HostDelta>;

/** One card of the fleet view. */
export const HostCard = z.object({
  host: HostInfo,
  worst: Status,
  counts: z.object({
    vms: z.number(),
    problems: z.number(),
    warnings: z.number(),
    unknown: z.number(),
    impacted: z.number(),
  }),
  /** The worst first, at most five. */
  top: z.array(ProblemBrief),
  /** Changes in each of the last 30 minutes, oldest first. */
  spark: z.array(z.number()),
});
export type HostCard = z.infer<typeof HostCard>;
