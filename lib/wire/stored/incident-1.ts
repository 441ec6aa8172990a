import * as z from "zod";
import { problemsOf } from "../../problems/derive";
import { storedVersion } from "./upgrade";

/**
 * An incident as releases up to 0.1 stored it. Frozen: copies of what the schemas said then, so that no later change of
 * them reaches here. Words that a later release may have more of (kinds, states) are plain text; what is not named
 * passes through.
 */
const words = z.looseObject({ en: z.string(), zh: z.string() });

const item = { id: z.string(), host: z.string(), kind: z.string(), status: z.string() };

export const Snapshot1 = z.looseObject({
  host: z.looseObject({
    id: z.string(),
    name: z.string(),
    address: z.string(),
    state: z.string(),
    reason: z.string().optional(),
    since: z.number(),
    seenAt: z.number().nullable(),
    demo: z.boolean(),
  }),
  seq: z.number(),
  epoch: z.string(),
  at: z.number(),
  nodes: z.array(
    z.looseObject({
      ...item,
      name: z.string(),
      attributes: z.record(z.string(), z.json()),
      remembered: z.boolean().optional(),
    }),
  ),
  edges: z.array(
    z.looseObject({
      ...item,
      from: z.string(),
      to: z.string(),
      present: z.boolean(),
      remembered: z.boolean().optional(),
      attributes: z.record(z.string(), z.json()).optional(),
    }),
  ),
  findings: z.array(
    z.looseObject({
      key: z.string(),
      check: z.string(),
      layer: z.string(),
      status: z.enum(["fail", "warn", "unknown"]),
      host: z.string(),
      subject: z.string(),
      message: z.string(),
      params: z.record(z.string(), z.union([z.string(), z.number(), words])),
      evidence: z.array(z.looseObject({ command: z.string(), excerpt: z.string() })),
      breaks: z.array(z.string()),
      cuts: z.boolean(),
      alsoOn: z.array(z.string()),
      since: z.number(),
      because: z.union([z.string(), words]).optional(),
      cause: z.string().optional(),
      impacts: z.array(z.string()),
      remedy: z.string().optional(),
      thresholds: z.record(z.string(), z.number()).optional(),
    }),
  ),
  passed: z.array(z.looseObject({ subject: z.string(), checks: z.array(z.string()) })),
  probes: z.array(
    z.looseObject({
      id: z.string(),
      outcome: z.string(),
      ms: z.number(),
      bytes: z.number(),
      detail: z.string().optional(),
      at: z.number(),
    }),
  ),
});

export const Incident1 = z.looseObject({
  version: z.literal(1),
  takenAt: z.number(),
  madeBy: z.string(),
  note: z.string(),
  selection: z.string().optional(),
  masked: z.looseObject({ macs: z.boolean(), addresses: z.boolean(), names: z.boolean() }).optional(),
  snapshot: Snapshot1,
});

/** Version 2 holds the problems, which readers of version 1 made by themselves, and of each finding all its remedies. */
export const incident1 = storedVersion(1, Incident1, (incident) => ({
  ...incident,
  version: 2,
  snapshot: {
    ...incident.snapshot,
    findings: incident.snapshot.findings.map(({ remedy, ...finding }) =>
      remedy === undefined ? finding : { ...finding, remedy, remedies: [remedy] },
    ),
    problems: problemsOf(incident.snapshot.findings),
  },
}));
