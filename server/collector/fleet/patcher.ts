import type { EventSource } from "@/lib/events/define";
import type { Facts } from "@/lib/facts/facts";
import type { ProbeId } from "@/lib/probes/registry";
import type { Bulkhead } from "../bulkhead";
import type { ProbeRun } from "../ssh/api";

/** Patches that may be applied at once in a burst, and the pause between them when it goes on, ms. */
const patchBurst = 20;
const patchPauseMs = 50;
/** An event may reach us a little before the end of a reading that began after it, ms. */
const slackMs = 20;
const remembered = 2_000;

/** Puts what events say of one fact into it, before it is read again: see Patch in lib/events/define.ts. */
export class Patcher {
  private recent: { readonly at: number; readonly event: unknown }[] = [];
  private waiting: unknown[] = [];
  private scheduled = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private tokens = patchBurst;
  private tokensAt = Date.now();
  private stopped = false;

  constructor(
    private readonly patch: NonNullable<EventSource["patches"]>,
    private readonly deps: {
      readonly facts: () => Facts;
      readonly apply: (facts: Facts, at: number) => void;
      readonly guard: Bulkhead;
    },
  ) {}

  get probe(): ProbeId {
    return this.patch.probe;
  }

  /** All events of one burst are one patch; in a storm, patches come at a steady pace. */
  take(event: unknown): void {
    if (!this.patch.concerns(event)) return;
    this.recent.push({ at: Date.now(), event });
    if (this.recent.length > remembered) this.recent.splice(0, remembered / 2);
    this.waiting.push(event);
    if (this.scheduled) return;
    this.scheduled = true;
    const now = Date.now();
    this.tokens = Math.min(patchBurst, this.tokens + (now - this.tokensAt) / patchPauseMs);
    this.tokensAt = now;
    const { guard } = this.deps;
    if (this.tokens >= 1) {
      this.tokens--;
      // After all lines that have arrived together, before anything else.
      queueMicrotask(guard.around("a patch", () => this.run()));
    } else this.timer = guard.later("a patch", () => this.run(), patchPauseMs);
  }

  /** What a reading that began before some events came in is to be taken for: without them an old reading would undo what is known better. */
  upToDate(run: ProbeRun): unknown {
    const since = run.at - run.ms - slackMs;
    this.recent = this.recent.filter((entry) => entry.at >= since);
    return this.patch.apply(
      run.value as never,
      this.recent.map((entry) => entry.event),
    );
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private run(): void {
    this.scheduled = false;
    const events = this.waiting;
    this.waiting = [];
    const before = this.deps.facts()[this.patch.probe];
    if (this.stopped || !before?.ok) return;
    const value = this.patch.apply(before.value as never, events);
    if (value === before.value) return;
    const at = Date.now();
    this.deps.apply({ [this.patch.probe]: { ok: true, value, at } } as Facts, at);
  }
}
