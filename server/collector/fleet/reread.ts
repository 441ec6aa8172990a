import { isAsked, type Probe } from "@/lib/probes/define";
import { afterGap } from "@/lib/probes/delays";
import type { ProbeId } from "@/lib/probes/registry";

/** Probes to read again, each with how long to wait for more events first, ms. */
export type Reread = readonly (readonly [ProbeId, number])[];

/** What each news makes out of date, by `<source>:<news>`: what the probes themselves say (`rereadOn`). */
export function rereadIndex(probes: readonly Probe[]): ReadonlyMap<string, Reread> {
  const index = new Map<string, (readonly [ProbeId, number])[]>();
  for (const probe of probes)
    for (const [news, ms] of Object.entries(probe.rereadOn ?? {})) {
      const list = index.get(news);
      if (list) list.push([probe.id as ProbeId, ms]);
      else index.set(news, [[probe.id as ProbeId, ms]]);
    }
  return index;
}

/** Everything: nobody knows what has passed unseen. */
export function rereadAll(probes: readonly Probe[]): Reread {
  return probes.filter(isAsked).map((probe) => [probe.id as ProbeId, afterGap]);
}
