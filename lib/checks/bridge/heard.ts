import type { FdbEntry } from "../../probes/bridge-fdb";
import type { CheckView, Sample } from "../define";

/** Seconds. Nearer than this may be one frame that was told twice: ages are whole seconds, and a busy host prints its table some time before we have read it. */
const apart = 5;

/**
 * When a frame with this address last came in by that port: Unix seconds of our clock. A bridge keeps an entry for minutes after its last frame (ageing_time): that it stands in
 * the table says nothing of now. A guest that ran elsewhere and is started here stays learned outside until it speaks.
 */
export const heardAt = (entry: FdbEntry, view: CheckView<"bridge-fdb">): number =>
  Math.round((view.readAt("bridge-fdb")?.at ?? view.now) / 1000 - (entry.updated ?? 0));

/** How many times it was heard anew after `since` (Unix ms), of samples that say when it was last heard. */
export function timesHeard(samples: readonly Sample[], since: number): number {
  let times = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const { value } of samples)
    if (value * 1000 > since && value >= last + apart) {
      times++;
      last = value;
    }
  return times;
}
