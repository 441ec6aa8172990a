/** At most `count` holders at once; the others wait in order. */
export class Slots {
  private free: number;
  private readonly queue: (() => void)[] = [];

  constructor(count: number) {
    this.free = count;
  }

  /**
   * Runs `work` once there is a place. The place is given back when it has ended, or after `atMostMs`: a login costs a burst of work at its
   * beginning, and hosts that do not answer must not keep the others waiting for their time-outs.
   */
  async run<T>(work: () => Promise<T>, atMostMs = 5_000): Promise<T> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.queue.push(resolve));
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      const next = this.queue.shift();
      if (next) next();
      else this.free++;
    };
    const timer = setTimeout(release, atMostMs);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      release();
    }
  }
}
