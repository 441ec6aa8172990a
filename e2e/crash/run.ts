import { setTimeout as sleep } from "node:timers/promises";
import { saidIn } from "@/lib/text/said";
import { type Random, random } from "@/server/sim/random";
import { Client } from "./client";
import { MortalProduct, type Victim } from "./product";
import { RemedyHost, storedRuns } from "./remedies";
import { type Writer, writersOf } from "./writers";

export interface CrashOptions {
  readonly kills: number;
  readonly seed: number;
  /** Real hosts on which changes are made. */
  readonly hosts: number;
  /** Everything is compared each so many kills, and at the end. */
  readonly compareEvery: number;
  /** Ends after so many minutes, however many kills that were. */
  readonly minutes: number;
  readonly log: (line: string) => void;
}

export interface CrashResult {
  readonly kills: Readonly<Record<Victim, number>>;
  /** Writes by what was heard of them. */
  readonly writes: Readonly<Record<"done" | "refused" | "unheard", number>>;
  /** Phases in which changes stood when the collector was killed. */
  readonly hitIn: Readonly<Record<string, number>>;
  readonly runsAcknowledged: number;
  /** How changes ended. */
  readonly ends: Readonly<Record<string, number>>;
  readonly compared: number;
  readonly recoveryMs: { readonly median: number; readonly worst: number };
  readonly wrong: readonly string[];
}

/** Kills the collector and the web process at random while hosts, thresholds, accounts, shares and changes are written, and holds what is there against what was acknowledged. */
export async function crash(options: CrashOptions): Promise<CrashResult> {
  const product = new MortalProduct();
  const run = new Run(product, options);
  try {
    return await run.all();
  } catch (error) {
    options.log(product.log.slice(-8_000));
    throw error;
  } finally {
    await run.dispose();
    await product.dispose();
  }
}

class Run {
  private readonly random: Random;
  private readonly client: Client;
  private readonly kills: Record<Victim, number> = { collector: 0, web: 0 };
  private readonly hitIn: Record<string, number> = {};
  private readonly recovery: number[] = [];
  private readonly wrong: string[] = [];
  private readonly hosts: RemedyHost[] = [];
  private compared = 0;
  private paused = false;
  private busy = 0;

  constructor(
    private readonly product: MortalProduct,
    private readonly options: CrashOptions,
  ) {
    this.random = random(options.seed);
    this.client = new Client(() => product.url);
  }

  async all(): Promise<CrashResult> {
    const { setup } = await this.product.start();
    await this.product.up();
    await this.must("POST", "/auth/setup", {
      token: setup,
      name: "Night Shift",
      email: "noc@example.org",
      password: "a long enough passphrase",
    });
    await this.must("POST", "/demo", { hosts: 1 });
    for (let at = 0; at < this.options.hosts; at++)
      this.hosts.push(
        await RemedyHost.make(`real-${at}`, this.client, this.random.fork(`real-${at}`), this.product.data),
      );
    const writers = writersOf(this.client, this.random);
    const loops = [
      ...writers.map((writer) => this.loop(() => writer.write(), 150)),
      ...this.hosts.map((host) => this.loop(() => host.press(), 0)),
    ];
    // A fault in the test itself ends it.
    await Promise.race([this.killAll(writers), Promise.all(loops)]);
    return this.result();
  }

  async dispose(): Promise<void> {
    this.paused = true;
    for (const host of this.hosts) await host.dispose();
  }

  private async killAll(writers: readonly Writer[]): Promise<void> {
    const { kills, compareEvery, log, minutes } = this.options;
    const latest = Date.now() + minutes * 60_000;
    for (let last = false; !last; ) {
      await sleep(this.random.below(5_000));
      const dice = this.random.below(10);
      const victims: Victim[] = dice < 6 ? ["collector"] : dice < 9 ? ["web"] : ["collector", "web"];
      for (const victim of victims) if (this.product.kill(victim)) this.kills[victim]++;
      if (victims.includes("collector"))
        for (const { phase, settled } of storedRuns(this.product.data))
          if (!settled && !["kept", "undone", "failed"].includes(phase))
            this.hitIn[phase] = (this.hitIn[phase] ?? 0) + 1;
      this.recovery.push(await this.product.up());
      const sum = this.kills.collector + this.kills.web;
      last = sum >= kills || Date.now() >= latest;
      if (sum >= (this.compared + 1) * compareEvery || last) {
        await this.compare(writers);
        log(`${sum} kills: ${this.wrong.length === 0 ? "all is there" : this.wrong.join("\n  ")}`);
      }
    }
  }

  /** Lets everything come to its end, and holds it against what was acknowledged. */
  private async compare(writers: readonly Writer[]): Promise<void> {
    this.paused = true;
    while (this.busy > 0) await sleep(50);
    for (const writer of writers) this.wrong.push(...writer.ledger.compare(await writer.found()));
    for (const host of this.hosts) this.wrong.push(...host.wrong.splice(0), ...(await host.left()));
    for (const { run, host, phase, says, settled } of storedRuns(this.product.data))
      if (!settled && !["kept", "undone", "failed"].includes(phase))
        this.wrong.push(`run ${run} of ${host} is left ${phase}: ${saidIn(says, "en")}`);
    this.compared++;
    this.paused = false;
  }

  /** Does it again and again, while nothing is compared. */
  private async loop(act: () => Promise<void>, restMs: number): Promise<never> {
    for (;;) {
      await sleep(restMs + 10);
      if (this.paused) continue;
      this.busy++;
      try {
        await act();
      } finally {
        this.busy--;
      }
    }
  }

  private async must(method: string, path: string, body: unknown): Promise<void> {
    const outcome = await this.client.ask(method, path, body);
    if (outcome.kind !== "done") throw new Error(`${method} ${path}: ${outcome.says}`);
  }

  private result(): CrashResult {
    const sorted = [...this.recovery].sort((a, b) => a - b);
    const ends: Record<string, number> = {};
    for (const host of this.hosts)
      for (const [phase, count] of Object.entries(host.ends)) ends[phase] = (ends[phase] ?? 0) + count;
    return {
      kills: this.kills,
      writes: this.client.counts,
      hitIn: this.hitIn,
      runsAcknowledged: this.hosts.reduce((sum, host) => sum + host.acknowledged, 0),
      ends,
      compared: this.compared,
      recoveryMs: { median: sorted[Math.floor(sorted.length / 2)] ?? 0, worst: sorted.at(-1) ?? 0 },
      wrong: this.wrong,
    };
  }
}
