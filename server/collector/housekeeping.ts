import { Retention } from "@/lib/wire/retention";
import type { Auth } from "../auth/engine";
import { dropExpired } from "../auth/expired";
import { forgetMs } from "../auth/login-limits";
import { deviceSeconds } from "../auth/names";
import type { BusHandlers } from "../bus/server";
import type { Store } from "../store/store";
import type { Log } from "./log";

const dayMs = 24 * 3600_000;
/** Rows in one statement: some milliseconds, after which others have their turn at the database. */
const batch = 500;

export interface HousekeepingDeps {
  readonly store: Pick<Store, "audit" | "remedyRuns" | "incidents" | "login" | "settings">;
  readonly auth: Auth;
  readonly log: Log;
  readonly now?: () => number;
}

/** Throws away what is older than it is to be kept: when the collector starts, and daily. */
export class Housekeeping {
  private timer: ReturnType<typeof setInterval> | undefined;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly deps: HousekeepingDeps) {}

  /** Begins at once, and holds up nobody. */
  start(): void {
    const round = () =>
      this.sweep().catch((error: unknown) => {
        // A database that is held meanwhile: the next round tries again.
        this.deps.log("housekeeping-failed", { step: "all", reason: String(error) });
      });
    this.running = round();
    this.timer = setInterval(() => {
      this.running = this.running.then(round);
    }, dayMs).unref();
  }

  /** Ends after the batch that is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running;
  }

  /** One round. What fails is told, and the rest is done nevertheless. */
  async sweep(): Promise<void> {
    const { store, auth, log, now = Date.now } = this.deps;
    const at = now();
    const kept = await retentionOf(store).catch((error: unknown) => {
      log("retention-ignored", { reason: String(error) });
      return Retention.parse({});
    });
    const older = (days: number) => at - days * dayMs;
    const steps: Record<string, () => Promise<number>> = {
      audit: () => this.inBatches(() => store.audit.prune(older(kept.auditDays), batch)),
      runs: () => this.inBatches(() => store.remedyRuns.prune(older(kept.runDays), batch)),
      incidents: () => this.inBatches(() => store.incidents.prune(older(kept.incidentDays), batch)),
      sessions: () => dropExpired(auth, at),
      attempts: () => store.login.pruneAttempts(at - forgetMs),
      devices: () => store.login.pruneDevices(at - deviceSeconds * 1000),
    };
    const gone: Record<string, number> = {};
    for (const [name, step] of Object.entries(steps)) {
      if (this.stopped) return;
      try {
        gone[name] = await step();
      } catch (error) {
        log("housekeeping-failed", { step: name, reason: error instanceof Error ? error.message : String(error) });
      }
    }
    if (Object.values(gone).some((count) => count > 0)) log("housekeeping", gone);
    if (gone.audit)
      await store.audit.add({
        at,
        who: "taproot",
        what: "audit log pruned",
        host: null,
        outcome: "done",
        detail: `${gone.audit} rows older than ${kept.auditDays} days`,
      });
  }

  private async inBatches(step: () => Promise<number>): Promise<number> {
    let all = 0;
    for (let gone = batch; gone >= batch && !this.stopped; all += gone) gone = await step();
    return all;
  }
}

const name = "retention";
const retentionOf = async ({ settings }: Pick<Store, "settings">): Promise<Retention> =>
  (await settings.get(name, Retention)) ?? Retention.parse({});

/** How long things are kept, to be read and set by admins. */
export function retentionMethods(store: Pick<Store, "settings" | "audit">): BusHandlers {
  return {
    "retention.get": () => retentionOf(store),
    "retention.put": async (change, who) => {
      const before = await retentionOf(store);
      const after = Retention.parse({ ...before, ...change });
      await store.settings.put(name, after);
      const steps = Object.entries(change).map(([key, days]) => `${key}: ${before[key as keyof Retention]} -> ${days}`);
      const row = { at: Date.now(), who: who.name, what: "retention.put", host: null, outcome: "done" };
      await store.audit.add({ ...row, detail: steps.join("; ") });
      return after;
    },
  };
}
