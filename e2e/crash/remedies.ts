import { type Said, saidIn } from "@/lib/text/said";
import type { Random } from "@/server/sim/random";
import { Database } from "@/server/store/sqlite";
import { makeHost, type NetnsHost } from "../netns/host";
import type { Client } from "./client";

/** Of a stored run, what is compared. Read from the database: REST has no list of runs. */
interface Stored {
  readonly run: string;
  readonly host: string;
  readonly phase: string;
  readonly says: Said;
  readonly settled: boolean;
}

/** How long the phases of a change that was cut off may take until it has an end: the window, 20 s here, and the host's patience. */
const endsWithinMs = 150_000;
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** All runs that the database holds. */
export function storedRuns(data: string): Stored[] {
  const file = new Database(`${data}/taproot.db`, { readonly: true, timeout: 10_000 });
  try {
    const rows = file.prepare("select body from remedy_run").all() as { body: string }[];
    return rows.map(({ body }) => JSON.parse(body) as Stored);
  } finally {
    file.close();
  }
}

const hasEnd = ({ phase, settled }: Stored) => ["kept", "undone", "failed"].includes(phase) || settled;

/** One real host (sshd, bridge, guard) whose bridge is set down again and again, and set up by the remedy: its own button, pressed all the time. */
export class RemedyHost {
  readonly wrong: string[] = [];
  /** How its runs ended, by phase. */
  readonly ends: Record<string, number> = {};
  acknowledged = 0;

  private constructor(
    private readonly host: NetnsHost,
    private readonly client: Client,
    private readonly random: Random,
    private readonly data: string,
  ) {}

  /** Makes the host and has it watched. */
  static async make(name: string, client: Client, random: Random, data: string): Promise<RemedyHost> {
    const host = await makeHost({ name });
    const { address, port, user, privateKey, knownHosts } = host.ssh;
    const made = new RemedyHost(host, client, random, data);
    try {
      const spec = { id: name, address, port, user, login: { kind: "key", privateKey } };
      for (const [path, body] of [
        ["/keys/import", { knownHosts }],
        ["/hosts", spec],
      ] as const) {
        const outcome = await client.ask("POST", path, body);
        if (outcome.kind !== "done") throw new Error(`${path}: ${outcome.says}`);
      }
      return made;
    } catch (error) {
      await host.dispose();
      throw error;
    }
  }

  get name(): string {
    return this.host.name;
  }

  /** One press of the button, to its end: fault, plan, apply, and what came of it, however often we die meanwhile. */
  async press(): Promise<void> {
    await this.host.must(["ip", "link", "set", "dev", "br0", "down"]);
    const plan = await this.plan();
    if (plan === undefined) return;
    const outcome = await this.client.ask("POST", `/remedies/${plan}/apply`, {});
    if (outcome.kind === "refused") return;
    // What comes back at once is undone.
    const stubborn = this.random.below(4) === 0;
    if (stubborn) await this.keepDown(3_000);
    if (outcome.kind === "done") {
      this.acknowledged++;
      if (!this.stored(plan)) this.wrong.push(`${this.name}: run ${plan} was acknowledged and is not stored`);
    }
    if (!stubborn && this.random.below(4) === 0) {
      await sleep(this.random.below(2_500));
      await this.undo(plan);
    }
    const end = await this.end(plan);
    if (!stubborn && end) await this.agrees(end);
    if (end?.phase === "kept" && this.random.below(3) === 0) await this.undo(plan);
  }

  /** What is left on the host that should not be: guards that still wait. Asked for when every run has its end. */
  async left(): Promise<string[]> {
    const strays = (await this.host.strays()).filter(({ command }) => command.includes("taproot-guard"));
    return strays.map(({ command }) => `${this.name}: a guard still waits: ${command.slice(-120)}`);
  }

  dispose(): Promise<void> {
    return this.host.dispose();
  }

  private stored(run: string): Stored | undefined {
    return storedRuns(this.data).find((one) => one.run === run);
  }

  private async isUp(): Promise<boolean> {
    return /<.*\bUP\b.*>/.test(await this.host.must(["ip", "-o", "link", "show", "dev", "br0"]));
  }

  private async keepDown(ms: number): Promise<void> {
    const until = Date.now() + ms;
    while (Date.now() < until) {
      await this.host.must(["ip", "link", "set", "dev", "br0", "down"]);
      await sleep(100);
    }
  }

  /** Undefined where the finding was not there in time, as when the collector was killed meanwhile. */
  private async plan(): Promise<string | undefined> {
    const until = Date.now() + 15_000;
    const finding = `bridge-down@${this.name}/bridge/br0`;
    while (Date.now() < until) {
      const outcome = await this.client.ask("POST", "/remedies", { host: this.name, finding });
      if (outcome.kind === "done") return (outcome.body as { run: string }).run;
      await sleep(200);
    }
    return undefined;
  }

  /** Acknowledged: it is undone, or was not there to undo. */
  private async undo(run: string): Promise<void> {
    const outcome = await this.client.ask("POST", `/remedies/${run}/undo`, {});
    if (outcome.kind !== "done") return;
    const end = await this.end(run);
    if (end?.phase === "kept") this.wrong.push(`${this.name}: the undo of ${run} was acknowledged, and it reads kept`);
    if (end) await this.agrees(end);
  }

  /** Waits for the end of a run; undefined where it was never begun. */
  private async end(run: string): Promise<Stored | undefined> {
    const until = Date.now() + endsWithinMs;
    for (;;) {
      const stored = this.stored(run);
      if (!stored || hasEnd(stored)) {
        if (stored) this.ends[stored.phase] = (this.ends[stored.phase] ?? 0) + 1;
        return stored;
      }
      if (Date.now() > until) {
        this.wrong.push(`${this.name}: run ${run} is left ${stored.phase}: ${saidIn(stored.says, "en")}`);
        return stored;
      }
      await sleep(200);
    }
  }

  /** Whether the host is as its record says. */
  private async agrees({ run, phase, says }: Stored): Promise<void> {
    const up = await this.isUp();
    if (phase === "kept" && !up)
      this.wrong.push(`${this.name}: run ${run} reads kept, and br0 is down: ${saidIn(says, "en")}`);
    if ((phase === "undone" || phase === "failed") && up)
      this.wrong.push(`${this.name}: run ${run} reads ${phase}, and br0 is up: ${saidIn(says, "en")}`);
    if (phase === "unknown" && saidIn(says, "en") === "")
      this.wrong.push(`${this.name}: run ${run} reads unknown and does not say why`);
  }
}
