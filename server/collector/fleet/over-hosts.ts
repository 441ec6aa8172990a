import type { Facts } from "@/lib/facts/facts";
import { passes } from "@/lib/fleet/passes/registry";
import { FleetRun, type SegmentsChange } from "@/lib/fleet/run";
import type { FleetSegment } from "@/lib/fleet/segment";
import type { HostNow } from "@/lib/fleet/summary";
import type { Turns } from "./turns";

/**
 * Hosts that changed are looked at this long after the first of them, all together: what they say of each other is
 * worth little while it moves.
 */
const everyMs = 250;

export interface OverHostsDeps {
  /** What a host shows now; undefined where there is none of that id. */
  readonly now: (id: string) => HostNow | undefined;
  /** Tells a host's engine; false: it cannot be told now. */
  readonly tell: (id: string, facts: Facts) => boolean;
  readonly onSegments: (change: SegmentsChange) => void;
  /** Each host that is looked at takes a turn among what can wait. */
  readonly turns: Turns;
  readonly log: (event: string, more?: Record<string, unknown>) => void;
}

/**
 * Holds the hosts against each other: gives their summaries to the passes, tells hosts what the others mean for them,
 * and shows what they have in common.
 */
export class OverHosts {
  private readonly run = new FleetRun(passes);
  private readonly due = new Set<string>();
  /** What each host was told last, and whether it has heard it. */
  private readonly told = new Map<string, { facts: Facts; heard: boolean }>();
  /** Set from the first change on until all that changed have been looked at. */
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  constructor(private readonly deps: OverHostsDeps) {}

  get segments(): readonly FleetSegment[] {
    return [...this.run.segments.values()];
  }

  /** Something of this host may be another now, or the host is gone. */
  look(id: string): void {
    this.due.add(id);
    this.timer ??= setTimeout(() => void this.work(), everyMs);
  }

  /** Its engine is a new one, that has heard nothing. */
  forget(id: string): void {
    const told = this.told.get(id);
    if (told) told.heard = false;
    this.look(id);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async work(): Promise<void> {
    const due = [...this.due];
    this.due.clear();
    for (const id of due) {
      await this.deps.turns.take();
      if (this.stopped) return;
      this.take(id);
    }
    try {
      this.publish();
    } catch (error) {
      this.deps.log("fault", { where: "what hosts have in common", reason: String(error) });
    }
    this.timer = this.due.size > 0 ? setTimeout(() => void this.work(), everyMs) : undefined;
  }

  private publish(): void {
    const { told, put, drop } = this.run.changed(Date.now());
    for (const [id, facts] of told)
      this.told.set(id, { facts: { ...this.told.get(id)?.facts, ...facts }, heard: false });
    for (const id of told.keys()) this.tell(id);
    if (put.length + drop.length > 0) this.deps.onSegments({ put, drop });
  }

  private take(id: string): void {
    try {
      const now = this.deps.now(id);
      this.run.take(id, now);
      if (now) this.tell(id);
      else this.told.delete(id);
    } catch (error) {
      // One host whose summary cannot be made must not keep the others' back.
      this.deps.log("fault", { host: id, where: "the summary of a host", reason: String(error) });
    }
  }

  /** Not read yet, or lost: it is told when it is looked at next. */
  private tell(id: string): void {
    const told = this.told.get(id);
    if (told && !told.heard) told.heard = this.deps.tell(id, told.facts);
  }
}
