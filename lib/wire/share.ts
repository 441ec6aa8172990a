import * as z from "zod";
import { HostSnapshot } from "./model";

/**
 * A frozen incident, version 2 (stored/ has those before): what was seen, at which moment, where the maker pointed.
 * Opens without the host and without the collector.
 */
export const Incident = z.object({
  version: z.literal(2),
  takenAt: z.number(),
  madeBy: z.string(),
  note: z.string().max(4000),
  /** Ids of the selected node or edge, and of the finding. */
  selection: z.string().optional(),
  /** What was masked when it was made; absent where nothing was. */
  masked: z.object({ macs: z.boolean(), addresses: z.boolean(), names: z.boolean() }).optional(),
  snapshot: HostSnapshot,
});
export type Incident = z.infer<typeof Incident>;
