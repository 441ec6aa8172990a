/** Refusals that get a line of their own in a minute; what comes beyond is counted. */
const defaultPerMinute = 60;
const minuteMs = 60_000;

/**
 * Writes down who was refused what, so that an attack is seen, without letting whoever attacks fill the disk: so many lines a minute, and one with the count
 * of the rest when the minute is over.
 */
export class Refusals {
  private said = 0;
  private unsaid = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly log: (line: string) => void,
    private readonly perMinute = defaultPerMinute,
  ) {}

  /** `line`: what was refused, why, and to whom; never a secret, and in `visible` form where the log does not escape by itself. */
  note(line: string): void {
    this.timer ??= this.minute();
    if (this.said >= this.perMinute) {
      this.unsaid++;
      return;
    }
    this.said++;
    this.log(line);
  }

  private minute(): ReturnType<typeof setTimeout> {
    const timer = setTimeout(() => {
      if (this.unsaid > 0) this.log(`${this.unsaid} more refusals within a minute`);
      this.said = 0;
      this.unsaid = 0;
      this.timer = undefined;
    }, minuteMs);
    timer.unref();
    return timer;
  }
}
