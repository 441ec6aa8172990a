import type { Probe } from "@/lib/probes/define";
import type { ProbeId } from "@/lib/probes/registry";
import type { Bulkhead } from "../bulkhead";
import type { Reread } from "./reread";

/** Readings that events ask for take at most this share of a host's time: a re-read that took 100 ms is followed by 400 ms without one. */
const restShare = 4;
const longestRestMs = 2_000;
/** After so many readings without a calm between them it is a storm, and the rests grow. */
const patientReadings = 5;
const calmMs = 3_000;

/** The queue of narrow readings: what events have made out of date, each with its time, read together where they are due together. */
export class Rereads {
  private readonly due = new Map<ProbeId, number>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private reading = false;
  private restUntil = 0;
  private readAt = 0;
  private streak = 0;
  private stopped = false;

  constructor(
    private readonly deps: {
      readonly guard: Bulkhead;
      /** Those of these probes that are worth asking for. */
      readonly pick: (ids: readonly ProbeId[]) => readonly Probe[];
      readonly sweep: (probes: readonly Probe[]) => Promise<unknown>;
    },
  ) {}

  ask(reread: Reread): void {
    if (reread.length === 0) return;
    const now = Date.now();
    for (const [id, delay] of reread) {
      const due = this.due.get(id);
      if (due === undefined || due > now + delay) this.due.set(id, now + delay);
    }
    this.schedule();
  }

  /** These are read now, by somebody else. */
  forget(ids: readonly ProbeId[]): void {
    for (const id of ids) this.due.delete(id);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private schedule(): void {
    if (this.stopped || this.reading || this.due.size === 0) return;
    clearTimeout(this.timer);
    const at = Math.max(Math.min(...this.due.values()), this.restUntil);
    this.timer = this.deps.guard.later("a narrow reading", () => this.read(), Math.max(0, at - Date.now()));
  }

  private async read(): Promise<void> {
    const { guard, pick, sweep } = this.deps;
    const now = Date.now();
    const ids = [...this.due].filter(([, at]) => at <= now).map(([id]) => id);
    this.forget(ids);
    const wanted = pick(ids);
    this.reading = true;
    const begun = performance.now();
    // Dear ones apart: they must not hold up what shows the change.
    const slow = wanted.filter((probe) => probe.tier === "slow");
    if (slow.length > 0) guard.run("a narrow reading", () => sweep(slow));
    await sweep(wanted.filter((probe) => probe.tier === "fast"));
    this.reading = false;
    this.streak = now - this.readAt < calmMs ? this.streak + 1 : 0;
    this.readAt = Date.now();
    const storm = this.streak < patientReadings ? 0 : 100 * 2 ** Math.min(this.streak - patientReadings, 10);
    this.restUntil = this.readAt + Math.min(longestRestMs, Math.max(storm, (performance.now() - begun) * restShare));
    this.schedule();
  }
}
