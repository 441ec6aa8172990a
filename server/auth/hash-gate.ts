import { BusProblem } from "@/server/bus/problem";

interface Lane {
  /** At once, and that may wait beyond. */
  readonly running: number;
  readonly waiting: number;
}

/**
 * One hash of a password takes 32 MiB (scrypt: 128 N r bytes, N 16384, r 16) and a tenth of a second of a core, in libuv's pool of
 * four threads. Strangers get two of those, and those who are known one of their own, so that a flood of guesses delays nobody who is known.
 */
const lanes = { stranger: { running: 2, waiting: 16 }, known: { running: 1, waiting: 8 } } satisfies Record<
  string,
  Lane
>;
export type LaneName = keyof typeof lanes;

/** Bounds how many passwords are hashed at once and how many may wait; beyond that it refuses at once. */
export class HashGate {
  private readonly state: Record<LaneName, { running: number; waiting: (() => void)[] }> = {
    stranger: { running: 0, waiting: [] },
    known: { running: 0, waiting: [] },
  };

  /** @throws BusProblem "busy" when too many wait already; otherwise what `work` throws. */
  async run<T>(name: LaneName, work: () => Promise<T>): Promise<T> {
    const lane = this.state[name];
    if (lane.running < lanes[name].running) lane.running++;
    else {
      if (lane.waiting.length >= lanes[name].waiting)
        throw new BusProblem("busy", "Too many people log in at this moment. Try again in a few seconds.", 3);
      // Whoever ends hands his place on, so `running` stays.
      await new Promise<void>((go) => lane.waiting.push(go));
    }
    try {
      return await work();
    } finally {
      const next = lane.waiting.shift();
      if (next) next();
      else lane.running--;
    }
  }
}
