/**
 * The product's own pipeline pointed at the lab: real connection, real probes, real engine, events that trigger narrow re-reads. The fleet around it
 * (state machine, store, bus) is tested elsewhere; here it would only hide which reading saw what.
 */
import { readFileSync } from "node:fs";
import type { Finding } from "@/lib/checks/finding";
import { isAsked, type Probe } from "@/lib/probes/define";
import { probes } from "@/lib/probes/registry";
import type { HostInfo, HostSnapshot } from "@/lib/wire/model";
import { HostSpec } from "@/lib/wire/rest";
import { makeEngine } from "@/server/collector/engine";
import type { HostEngine } from "@/server/collector/engine/api";
import { pace } from "@/server/collector/fleet/sweeper";
import type { HostConnection, ProbeRun } from "@/server/collector/ssh/api";
import { connect } from "@/server/collector/ssh/connect";
import { factsOf, reportsOf } from "@/server/collector/sweep-facts";
import type { Lab } from "./lab";

const all = Object.values<Probe>(probes).filter(isAsked);
const fast = all.filter((probe) => probe.tier === "fast");
/** Events of one change come in a bunch; reading starts when they have been quiet for this long. */
const quietMs = 50;

export const hostId = "lab";

export class Watcher {
  private timer: NodeJS.Timeout | undefined;
  /** A reading that an event asked for is waiting for its turn: what happens until it begins will be seen by it. */
  private waiting = false;
  private reading: Promise<void> = Promise.resolve();
  /** What made the last reading happen. */
  lastCause: "event" | "sweep" = "sweep";

  private constructor(
    readonly connection: HostConnection,
    readonly engine: HostEngine,
  ) {}

  /** Logs in with the lab's own key, host key verified, reads everything once and follows events. */
  static async open(lab: Lab, settings: Readonly<Record<string, number>> = {}): Promise<Watcher> {
    const spec = HostSpec.parse({
      id: hostId,
      address: lab.ssh.host,
      port: lab.ssh.port,
      user: lab.ssh.user,
      login: { kind: "key", privateKey: readFileSync(lab.ssh.privateKeyPath, "utf8") },
    });
    const known = readFileSync(lab.ssh.knownHostsPath, "utf8").split("\n");
    const connection = await patiently(() => connect(spec, { lines: () => known }, { connectTimeoutMs: 60_000 }));
    const info: HostInfo = {
      id: hostId,
      name: hostId,
      address: spec.address,
      state: "live",
      since: Date.now(),
      seenAt: Date.now(),
      demo: false,
    };
    const watcher = new Watcher(connection, makeEngine(info, "lab", {}, settings));
    await watcher.sweep(all);
    await connection.follow({ onLine: () => watcher.hear(), onSource: () => undefined });
    return watcher;
  }

  /** Reads these probes (default: all) and feeds the engine. One reading at a time. */
  sweep(which: readonly Probe[] = all, cause: "event" | "sweep" = "sweep"): Promise<void> {
    this.reading = this.reading.then(async () => {
      if (cause === "event") this.waiting = false;
      // As the fleet does: what was read at the start of a long sweep is not judged by the time of its end.
      let held: ProbeRun[] = [];
      const release = () => {
        const runs = held;
        held = [];
        if (runs.length === 0) return;
        this.engine.read(factsOf(runs), reportsOf(runs), Math.max(...runs.map(({ at }) => at)));
        this.lastCause = cause;
      };
      const timer = setInterval(release, pace.holdMs);
      try {
        await this.connection.sweep(which, (run) => held.push(run));
      } finally {
        clearInterval(timer);
      }
      release();
    });
    return this.reading;
  }

  snapshot(): HostSnapshot {
    return this.engine.snapshot();
  }

  /** Findings that accuse: fail or warn. */
  accusations(): Finding[] {
    return this.snapshot().findings.filter((finding) => finding.status !== "unknown");
  }

  /**
   * Sweeps until `seen` gives something, or undefined when the time is over. On a loaded machine the cheap tier alone may use up the time: nobody
   * gives up before everything has been read once.
   */
  async until<T>(seen: () => T | undefined, timeoutMs: number): Promise<T | undefined> {
    const deadline = Date.now() + timeoutMs;
    let readAll = false;
    for (let round = 0; ; round++) {
      const found = seen();
      if (found !== undefined) return found;
      const late = Date.now() > deadline;
      if (late && readAll) return undefined;
      // Events get the first word; then the cheap tier, and everything each third time.
      if (round === 0) await new Promise((resolve) => setTimeout(resolve, 1_500));
      else {
        const full = late || round % 3 === 0;
        await this.sweep(full ? all : fast);
        readAll ||= full;
      }
    }
  }

  close(): void {
    clearTimeout(this.timer);
    this.connection.close();
  }

  private hear(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.waiting) return;
      this.waiting = true;
      this.sweep(fast, "event").catch((error: unknown) => console.error(`re-read after an event: ${String(error)}`));
    }, quietMs);
  }
}

/** A machine that was restored a moment ago can take longer to log in than the dial is patient; the fleet, which is not here, would dial again. */
async function patiently<T>(dial: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await dial();
    } catch (error) {
      if (attempt === 4) throw error;
      console.error(`dial ${attempt}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
