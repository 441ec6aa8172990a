import type { Platform } from "../probes/define";
import { type ProbeId, probes } from "../probes/registry";
import type { Check } from "./define";

/** Platforms whose hosts have a probe; one that names none is for Linux. */
function onOf(id: ProbeId): readonly Platform[] {
  const probe: { readonly id: string; readonly on?: readonly Platform[] } = probes[id];
  return probe.on ?? ["linux"];
}

/**
 * Whether the check can judge a host of this platform: every probe that it needs is to be had from there. A check on a host of which it could read nothing
 * would be one more "unknown" that no one can do anything about. It follows from the probes, so that no check has to say it, and none can say otherwise.
 */
export function isFor(
  check: Pick<Check, "needs">,
  platform: Platform,
  platforms: (probe: ProbeId) => readonly Platform[] = onOf,
): boolean {
  return check.needs.every((probe) => platforms(probe).includes(platform));
}
