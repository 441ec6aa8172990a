/** RefusedLines of one kind that get a line of their own in a minute; what comes beyond is counted. */
const perKind = 10;
/** Kinds that are told apart in a minute: whoever makes up new ones shares one count from here on. */
const maxKinds = 200;
const minuteMs = 60_000;

/**
 * Writes down who was refused what, so that an attack is seen, without letting whoever attacks fill the disk: of each kind so many lines a minute, and one
 * with the count of the rest when the minute is over. By kind, so that a loud attack does not hide a quiet one behind it.
 */
export class RefusedLines {
  private kinds = new Map<string, number>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly log: (line: string) => void) {}

  /**
   * @param kind what counts as the same.
   * @param line what was refused, why, and to whom; never a secret, and in `visible` form where the log does not escape by itself.
   */
  note(kind: string, line: string): void {
    this.timer ??= this.minute();
    const counted = this.kinds.has(kind) || this.kinds.size < maxKinds ? kind : "others";
    const before = this.kinds.get(counted) ?? 0;
    this.kinds.set(counted, before + 1);
    if (before < perKind) this.log(line);
  }

  private minute(): ReturnType<typeof setTimeout> {
    const timer = setTimeout(() => {
      const unsaid = [...this.kinds.values()].reduce((sum, count) => sum + Math.max(0, count - perKind), 0);
      if (unsaid > 0) this.log(`${unsaid} more refusals within a minute`);
      this.kinds = new Map();
      this.timer = undefined;
    }, minuteMs);
    timer.unref();
    return timer;
  }
}
