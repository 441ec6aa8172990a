import * as z from "zod";
import { FleetSegment } from "../../fleet/segment";
import { defineTopic, putAndDrop } from "./define";

const idOf = (segment: FleetSegment) => segment.id;

/** Segments that more than one host has a part in. */
export const topic = defineTopic({
  id: "segments",
  of: "all",
  snapshot: z.object({ segments: z.array(FleetSegment) }),
  delta: z.object({ put: z.array(FleetSegment), drop: z.array(z.string()) }),
  open: ({ segments }): ReadonlyMap<string, FleetSegment> => new Map(segments.map((one) => [idOf(one), one])),
  apply: (before, delta) => putAndDrop(before, delta, idOf),
});
