import type { Sample } from "./define";

export interface Growth {
  /** By how much the counter grew. */
  readonly delta: number;
  /** Over which time, ms. */
  readonly ms: number;
}

/** Longer than between any two readings of what is read least: nobody looked meanwhile, and what rose then cannot be said to have risen within a shorter time. */
const gapMs = 400_000;

/**
 * How much a counter grew in the last `windowMs`: from the newest sample that is at least that old (else the oldest) to the newest. A counter that went back was set to
 * zero meanwhile (restart of the host): counting begins anew there, and so it does after a time in which nobody looked. Undefined while there are no two samples.
 */
export function growth(samples: readonly Sample[], now: number, windowMs: number): Growth | undefined {
  const last = samples.at(-1);
  if (!last) return undefined;
  let base = last;
  for (let at = samples.length - 2; at >= 0; at--) {
    const sample = samples[at];
    if (!sample || sample.value > base.value) break;
    if (sample.value < base.value && base.at - sample.at > Math.max(gapMs, windowMs)) break;
    base = sample;
    if (sample.at <= now - windowMs) break;
  }
  return base === last ? undefined : { delta: last.value - base.value, ms: last.at - base.at };
}

/** How long a yes-or-no track (1 or 0) has said yes without a break, ms; 0 where its newest sample says no. */
export function lasting(samples: readonly Sample[], now: number): number {
  let since = now;
  for (let at = samples.length - 1; at >= 0; at--) {
    const sample = samples[at];
    if (!sample || sample.value === 0) break;
    since = sample.at;
  }
  return now - since;
}
