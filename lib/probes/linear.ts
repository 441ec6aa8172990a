/**
 * Whether a reader takes time in proportion to what it reads: the measure behind the property over all parsers. Times of one run say little on a busy machine, so the least of several is
 * taken, and a pair that looks too slow is measured again before it counts.
 */

/** Ten times the input may take at most this many times the time. */
const mostRatio = 15;
/**
 * What reads the large input within this time is linear without any further look: a reader that takes a step for each pair of characters takes 2 * 10^8 steps for 20 kB, and no machine
 * makes those in 4 ms.
 */
const plainlyFastMs = 4;
const largest = 20_000;
const tries = 4;
/** A few hundred characters more that take so long are worse than quadratic: the large input would never come back. */
const stuckMs = 200;
/** Ten times as much again would take minutes. */
const hopelessMs = 1_000;

export interface Slow {
  readonly smallMs: number;
  readonly largeMs: number;
  readonly ratio: number;
}

/** Undefined where `read` takes `make(n)` in time linear in n, else what was measured. Throws what `read` throws beyond `expected`. */
export function notLinear<T>(make: (n: number) => T, read: (input: T) => void): Slow | undefined {
  const large = make(largest);
  // Something worse than quadratic would never come back: from small to large.
  for (const n of [20, 500])
    if (timed(read, make(n)) > stuckMs) {
      // Or the machine stood still: then it is fast when it is looked at again.
      const again = measured(make(n / 10), make(n), read);
      if (again.largeMs > stuckMs) return again;
    }
  if (timed(read, large) < plainlyFastMs) return undefined;
  const small = make(largest / 10);
  let worst: Slow | undefined;
  for (let attempt = 0; attempt < tries; attempt++) {
    const now = measured(small, large, read);
    if (now.ratio <= mostRatio || now.largeMs < plainlyFastMs) return undefined;
    if (!worst || now.ratio < worst.ratio) worst = now;
  }
  if (worst && worst.largeMs > hopelessMs) return worst;
  // Small times are the machine's as much as the reader's. What is worse than linear is so at any size: once more, where nothing but the reader counts.
  const again = measured(large, make(largest * 10), read);
  return again.ratio <= mostRatio ? undefined : again;
}

function measured<T>(small: T, large: T, read: (input: T) => void): Slow {
  const least = (input: T) => {
    let best = Number.POSITIVE_INFINITY;
    const until = performance.now() + 1_000;
    for (let run = 0; run < 5 && (run === 0 || performance.now() < until); run++)
      best = Math.min(best, timed(read, input));
    return best;
  };
  const smallMs = least(small);
  const largeMs = least(large);
  return { smallMs, largeMs, ratio: largeMs / smallMs };
}

/**
 * Milliseconds of a run, by the clock or by what the processor did for us, whichever is less. On a machine with more to do than it can, 2 ms fit between two turns of others and 100 ms do not: by
 * the clock alone (load 15 on two processors) a reader in linear time took 53 times as long for ten times the input. What collects garbage in threads beside us makes the processor's time the longer one.
 */
function timed<T>(read: (input: T) => void, input: T): number {
  const begun = performance.now();
  const used = process.cpuUsage();
  read(input);
  const { user, system } = process.cpuUsage(used);
  return Math.min(performance.now() - begun, (user + system) / 1_000);
}
