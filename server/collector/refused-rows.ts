import type { AuditRepository } from "../store/repositories/audit";
import type { Log } from "./log";

export interface Refusal {
  /** Who was refused, as the collector itself knows; "nobody" for a stranger. */
  readonly who: string;
  readonly what: string;
  /** What was tried: refusals of the same person for the same thing are counted together. */
  readonly about: string;
}

const minute = 60_000;
/** Different refusals of one kind (`what`) that get a row of their own in one minute; what comes beyond is counted in one row. Noise of one kind hides no other. */
const mostInMinute = 30;

/**
 * Writes down what somebody tried and was refused, so that an attack is seen, and so that it cannot fill the disk: the first of a kind gets its row at
 * once, those that follow within a minute are counted in one more, and there are at most 61 rows a minute of each kind.
 */
export class RefusedRows {
  private readonly seen = new Map<string, Refusal & { more: number }>();
  private readonly beyond = new Map<string, number>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly audit: Pick<AuditRepository, "add">,
    private readonly log: Log,
    private readonly minuteMs = minute,
  ) {}

  /** Resolves when the row is written, or the refusal counted. A log that cannot be written to is told, and hinders no refusal. */
  async note({ who, what, about }: Refusal): Promise<void> {
    const key = JSON.stringify([who, what, about]);
    const before = this.seen.get(key);
    if (before) {
      before.more++;
      return;
    }
    this.timer ??= setTimeout(() => void this.flush(), this.minuteMs).unref();
    const ofKind = [...this.seen.values()].filter((one) => one.what === what).length;
    if (ofKind >= mostInMinute) {
      this.beyond.set(what, (this.beyond.get(what) ?? 0) + 1);
      return;
    }
    this.seen.set(key, { who, what, about, more: 0 });
    await this.write(who, what, about);
  }

  /** Writes what was counted. To be called once more before the store closes. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const counted = [...this.seen.values()].filter(({ more }) => more > 0);
    const beyond = [...this.beyond];
    this.seen.clear();
    this.beyond.clear();
    for (const { who, what, about, more } of counted)
      await this.write(who, what, `${about} (${more} more within a minute)`);
    for (const [what, count] of beyond) await this.write("nobody", what, `${count} others within a minute`);
  }

  private async write(who: string, what: string, detail: string): Promise<void> {
    try {
      await this.audit.add({ at: Date.now(), who, what, host: null, outcome: "refused", detail });
    } catch (error) {
      this.log("refusal-not-written", { who, what, detail, reason: String(error) });
    }
  }
}
