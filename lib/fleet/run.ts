import type { Facts } from "../facts/facts";
import type { FleetPass, FleetWork } from "./passes/define";
import type { FleetSegment } from "./segment";
import type { HostNow } from "./summary";

/** Segments that are new or different, and ids of those that are gone. */
export interface SegmentsChange {
  readonly put: FleetSegment[];
  readonly drop: string[];
}

export interface FleetChanges extends SegmentsChange {
  /** What hosts have to be told, by host id. */
  readonly told: ReadonlyMap<string, Facts>;
}

/** All passes over the summaries of all hosts. Pure but for its own state. */
export class FleetRun {
  readonly #works: readonly { readonly tells?: string; readonly work: FleetWork<unknown> }[];
  readonly #segments = new Map<string, FleetSegment>();

  constructor(passes: readonly FleetPass[]) {
    this.#works = passes.map((pass) => ({ ...(pass.tells ? { tells: pass.tells } : {}), work: pass.start() }));
  }

  /** What is shown now, by id. */
  get segments(): ReadonlyMap<string, FleetSegment> {
    return this.#segments;
  }

  take(host: string, now: HostNow | undefined): void {
    for (const { work } of this.#works) work.take(host, now);
  }

  /** What is another since this was last asked. `at`: when, Unix ms. */
  changed(at: number): FleetChanges {
    const told = new Map<string, Record<string, unknown>>();
    const put: FleetSegment[] = [];
    const drop: string[] = [];
    for (const { tells, work } of this.#works)
      for (const [key, value] of work.changed())
        if (tells !== undefined) told.set(key, { ...told.get(key), [tells]: { ok: true, value: value ?? [], at } });
        else if (value === undefined) {
          if (this.#segments.delete(key)) drop.push(key);
        } else {
          this.#segments.set(key, value as FleetSegment);
          put.push(value as FleetSegment);
        }
    return { told: told as ReadonlyMap<string, Facts>, put, drop };
  }
}
