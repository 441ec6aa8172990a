import type { Commands } from "@/lib/changes/define";
import { commandLine } from "@/lib/checks/evidence";
import type { Plan, Remedy } from "@/lib/remedies/define";
import { remedies } from "@/lib/remedies/registry";
import type { PlanView } from "@/lib/wire/rest";
import { hasEnded, type RemedyDeps, type RemedyHost, RemedyRefused, type RunRecord, RunRefused } from "./api";
import { ChangeRefused, commandsOf, linesOf, runOn, type WorkedPlan, workOut } from "./commands";
import { disarm, newRunId, outcome, outcomeSays, planDigest, whyNotArm } from "./guard";
import { askMs } from "./guests";
import { restsOn } from "./rests-on";
import { type Confirmed, GuardedRun } from "./run";
import { settle } from "./settle";

/** How long a plan that was shown may still be confirmed. */
const planLifeMs = 10 * 60_000;
/** How long a kept change can be taken back by its own button. */
const undoKeptMs = 24 * 60 * 60_000;
/** Ground for arming, disarming and a slow moment; on top of what was measured. */
const marginMs = 8_000;

/** The word of the audit log for a stored run that is not one (lib/text/audit.ts). */
export const storedRefused = "stored change refused";

interface Shown {
  readonly confirmed: Omit<Confirmed, "who">;
  readonly choice: string | undefined;
  readonly digest: string;
  readonly risk: Plan["risk"];
  readonly at: number;
}

/** Plans, applies and undoes guarded changes; at most one at a time on a host. The only way in which anything is ever written to a host. */
export class RemedyRuns {
  private readonly shown = new Map<string, Shown>();
  private readonly running = new Map<string, GuardedRun>();
  private readonly busyHosts = new Set<string>();
  /** Busy hosts with a run that is to be recovered once they are free. */
  private readonly owed = new Set<string>();
  /** Runs that somebody takes back just now: the store answers later, and two at once would both find them kept. */
  private readonly takenBack = new Set<string>();

  constructor(private readonly deps: RemedyDeps) {}

  /** Reads what the finding rests upon once more, and makes the plan from that. The time of this reading goes into the undo window. */
  async plan(hostId: string, finding: string, choice?: string): Promise<PlanView> {
    const host = this.online(hostId);
    await this.mayArm(host, hostId);
    const started = this.deps.now();
    await host.reread(restsOn(finding));
    const readMs = this.deps.now() - started;
    const { remedy, plan, choices } = this.makePlan(host, finding, choice);
    const run = newRunId();
    // Two looks, two rounds of asking the guests, and the margin: shorter would undo changes that work, longer would keep a bad one needlessly.
    const windowMs = plan.settleMs + 2 * readMs + 2 * askMs + marginMs;
    const shown = plan.steps.map((step) => ({
      do: commandLine(step.do),
      undo: commandLine(step.undo),
    }));
    this.forgetOld();
    this.shown.set(run, {
      confirmed: { run, host: hostId, remedy: remedy.id, finding, plan, windowMs, shown },
      choice,
      digest: planDigest(plan),
      risk: plan.risk,
      at: this.deps.now(),
    });
    return {
      run,
      remedy: remedy.id,
      host: hostId,
      finding,
      choices: choices.map((c) => ({ ...c })),
      ...(choice !== undefined ? { choice } : {}),
      steps: plan.steps.map((step, index) => ({
        says: step.says,
        do: shown[index]?.do ?? "",
        undo: shown[index]?.undo ?? "",
      })),
      affects: [...plan.affects],
      blinks: plan.blinks,
      risk: plan.risk,
      windowMs,
      windowBecause: `${plan.settleBecause}; ${Math.round((2 * readMs) / 100) / 10} s for two readings, ${(2 * askMs) / 1000} s to ask the guests, ${marginMs / 1000} s margin`,
    };
  }

  /** Starts the change that was shown as `run`. Resolves once that it has begun lies in the store; its course comes as progress. */
  async apply(run: string, who: string, typedHost?: string): Promise<void> {
    const shown = this.shown.get(run);
    if (!shown || this.deps.now() - shown.at > planLifeMs)
      throw new RemedyRefused("not-found", "this plan is no longer on the table: open it again");
    const { host: hostId, finding } = shown.confirmed;
    if (shown.risk === "management" && typedHost !== hostId)
      throw new RemedyRefused("confirm", `type the host's name, ${hostId}, to confirm`);
    const host = this.online(hostId);
    if (this.busyHosts.has(hostId)) throw new RemedyRefused("busy", `another change is under way on ${hostId}`);
    this.busyHosts.add(hostId);
    const guarded = new GuardedRun(this.deps, host, { ...shown.confirmed, who });
    try {
      const { plan } = this.makePlan(host, finding, shown.choice);
      if (planDigest(plan) !== shown.digest)
        throw new RemedyRefused("changed", "the host has changed since the plan was shown: open it again");
      this.running.set(run, guarded);
      // Whoever was told that it has begun finds it, also when we are killed in the next moment.
      await guarded.begin();
    } catch (error) {
      this.running.delete(run);
      this.free(hostId);
      throw error;
    }
    this.shown.delete(run);
    void guarded.go().then(
      (record) => {
        this.running.delete(run);
        if (!hasEnded(record)) this.owed.add(hostId);
        this.free(hostId);
      },
      () => {
        // It never rejects; were it to, the host must not stay busy, nor the process end.
        this.owed.add(hostId);
        this.free(hostId);
      },
    );
  }

  /** Whoever wanted to recover the host meanwhile was turned away, and is called again. */
  private free(hostId: string): void {
    this.busyHosts.delete(hostId);
    if (this.owed.delete(hostId)) this.deps.recoverLater?.(hostId);
  }

  /**
   * Undoes a run: one that is being verified ends at once; a kept one, for a day, by the commands that the catalogue has for the changes of it. Taking a kept
   * change back is itself what the person asks for, so it has no further net: it puts back what was there before.
   */
  async undo(run: string, who: string): Promise<void> {
    const guarded = this.running.get(run);
    if (guarded && (await guarded.requestUndo())) return;
    if (this.takenBack.has(run)) throw new RemedyRefused("busy", "this change is being taken back already");
    this.takenBack.add(run);
    try {
      await this.undoKept(run, who);
    } finally {
      this.takenBack.delete(run);
    }
  }

  private async undoKept(run: string, who: string): Promise<void> {
    const { record, commands } = await this.stored(run, who);
    if (!record) throw new RemedyRefused("not-found", "no such change");
    // Of one whose outcome is unknown something may be left, so it can be taken back as well; without a guard nothing was ever sent.
    if (record.phase !== "kept" && (record.phase !== "unknown" || record.guard === null))
      throw new RemedyRefused("not-found", `this change has ended: ${record.phase}`);
    if (this.deps.now() - record.updatedAt > undoKeptMs)
      throw new RemedyRefused("refused", "this change is older than a day: plan a new one");
    const host = this.online(record.host);
    if (this.busyHosts.has(record.host))
      throw new RemedyRefused("busy", `another change is under way on ${record.host}`);
    if (commands.length === 0)
      throw new RemedyRefused(
        "refused",
        "this change was made by an older release, which kept commands and not what they change: it cannot be taken back here, plan a new one",
      );
    this.busyHosts.add(record.host);
    try {
      await this.takeBack(record, commands, host, who);
    } catch (error) {
      // What is not finished has no end in the store.
      this.owed.add(record.host);
      throw error;
    } finally {
      this.free(record.host);
    }
  }

  /** A run of the store with the commands that the catalogue has for it. A row that is no run of this catalogue is refused and goes into the audit log. */
  private async stored(run: string, who: string): Promise<{ record?: RunRecord; commands: readonly Commands[] }> {
    try {
      const record = await this.deps.store.get(run);
      return record ? { record, commands: commandsOf(record) } : { commands: [] };
    } catch (error) {
      if (!(error instanceof RunRefused || error instanceof ChangeRefused)) throw error;
      const host = error instanceof RunRefused ? error.host : "";
      this.deps.audit({ who, what: storedRefused, host, outcome: `refused: ${error.message}`, detail: `run ${run}` });
      throw new RemedyRefused("refused", error.message);
    }
  }

  private async takeBack(
    record: RunRecord,
    commands: readonly Commands[],
    host: RemedyHost,
    who: string,
  ): Promise<void> {
    const known = record.phase === "unknown" ? await this.outcomeOf(record, host) : undefined;
    if (known?.state === "undone") return this.finish(record, "undone", outcomeSays(known, linesOf(record)), "do");
    if (known?.state === "undoing")
      throw new RemedyRefused("busy", `${record.host} is undoing this change by itself just now`);
    // Before anything is sent: after a crash in between, a run that still reads "kept" would be a lie.
    const begun: RunRecord = {
      ...record,
      who,
      phase: "undoing",
      says: `being taken back by ${who}`,
      disarming: null,
      settled: false,
      updatedAt: this.deps.now(),
    };
    await this.deps.store.put(begun);
    const failures: string[] = [];
    for (const command of [...commands].reverse()) {
      const connection = host.connection();
      const answer = connection && (await runOn(connection, command.undo));
      if (answer?.exit !== 0)
        failures.push(
          `${commandLine(command.undo)}: ${answer ? `exit ${answer.exit}: ${answer.stderr.trim().slice(0, 500)}` : "the connection is lost"}`,
        );
    }
    const connection = host.connection();
    // Written down as soon as it is so: were the last write to fail, a later look must not call it unknown. That write tells of a store that fails.
    if (failures.length === 0) await this.deps.store.put({ ...begun, disarming: "undone" }).catch(() => undefined);
    if (known?.state === "waiting" && failures.length === 0 && connection) {
      // What it would do is done. Where it fires first it does the same once more.
      await disarm(connection, record.run, record.guard);
    }
    // The commands have told how it went; that the host cannot be read just now changes nothing of it.
    const unread = await host.reread(restsOn(record.finding)).then(
      () => "",
      (error: unknown) => `; the host could not be read once more: ${error instanceof Error ? error.message : error}`,
    );
    const phase = failures.length === 0 ? "undone" : "failed";
    const says = failures.length === 0 ? `taken back by ${who}` : failures.join("; ");
    await this.finish(begun, phase, says + unread, "undo");
  }

  private async outcomeOf(record: RunRecord, host: RemedyHost) {
    const connection = host.connection();
    if (!connection) throw new RemedyRefused("offline", `the connection to ${record.host} is lost`);
    return outcome(connection, record.run, record.guard);
  }

  /**
   * After a restart of ours or of the host: what became of every change that was cut off, as its host tells it (settle.ts). Called when a host is live
   * again. Meanwhile the host counts as busy: a guard may fire into whatever else is changed. Rejects where one could not be asked for; the others are settled.
   */
  async recover(hostId: string): Promise<void> {
    // Sorted out at once: what runs now may have ended by the time that an earlier one is settled.
    const open = (await this.deps.store.open()).filter(({ host, run }) => host === hostId && !this.running.has(run));
    const host = this.deps.host(hostId);
    if (open.length === 0 || !host) return;
    if (this.busyHosts.has(hostId)) {
      this.owed.add(hostId);
      return;
    }
    this.busyHosts.add(hostId);
    const failures: unknown[] = [];
    try {
      for (const record of open) {
        try {
          const result = await settle(record, host, this.deps);
          if (result) await this.finish({ ...record, settled: result.settled }, result.phase, result.says, "do");
        } catch (error) {
          // One that cannot be asked for must not keep the next from its end.
          failures.push(error);
        }
      }
    } finally {
      this.free(hostId);
    }
    if (failures.length > 0) throw failures[0];
  }

  private async finish(
    record: RunRecord,
    phase: RunRecord["phase"],
    says: string,
    which: "do" | "undo",
  ): Promise<void> {
    const now = this.deps.now();
    try {
      this.deps.progress({ run: record.run, host: record.host, phase, says, at: now });
    } catch {
      // Whoever looks on learns it from the host's next picture; the record below is what counts.
    }
    const detail = linesOf(record)
      .map((line) => line[which])
      .join("; ");
    this.deps.audit({
      who: record.who,
      what: `remedy ${record.remedy}`,
      host: record.host,
      outcome: `${phase}: ${says}`,
      detail,
    });
    // Last, so that an outcome that cannot be stored is told all the same.
    await this.deps.store.put({ ...record, phase, says, updatedAt: now });
  }

  private makePlan(
    host: RemedyHost,
    findingKey: string,
    choice: string | undefined,
  ): { remedy: Remedy; plan: WorkedPlan; choices: readonly { id: string; label: string }[] } {
    const finding = host.engine.snapshot().findings.find((f) => f.key === findingKey && f.status !== "unknown");
    if (!finding) throw new RemedyRefused("changed", "this finding is no longer there");
    const remedy = remedies.find((r) => r.id === finding.remedy && r.checks.includes(finding.check));
    if (!remedy) throw new RemedyRefused("not-found", `there is no remedy for ${finding.check}`);
    const context = {
      finding,
      graph: host.engine.graph,
      facts: host.engine.facts,
      ...(choice !== undefined ? { choice } : {}),
    };
    const choices = remedy.choices?.(context) ?? [];
    const plan = remedy.plan(context);
    if ("refused" in plan) throw new RemedyRefused("refused", plan.refused);
    try {
      return { remedy, plan: workOut(remedy, plan), choices };
    } catch (error) {
      throw error instanceof ChangeRefused ? new RemedyRefused("refused", error.message) : error;
    }
  }

  /** Throws RemedyRefused where no undo could be armed: a person learns so from the button, not from a change that was begun. */
  private async mayArm(host: RemedyHost, hostId: string): Promise<void> {
    const connection = host.connection();
    if (!connection) throw new RemedyRefused("offline", `the connection to ${hostId} is lost`);
    const why = await whyNotArm(connection);
    if (why === undefined) return;
    if (why.ours) throw new RemedyRefused("refused", `no undo can be armed on ${hostId}: ${why.says}`);
    throw new RemedyRefused(
      "no-root",
      `a change needs root on ${hostId}, and sudo allows this login only what reading needs: no undo could be armed (${why.says})`,
    );
  }

  private online(hostId: string): RemedyHost {
    const host = this.deps.host(hostId);
    if (!host) throw new RemedyRefused("not-found", `no host ${hostId}`);
    const connection = host.connection();
    if (!connection)
      throw new RemedyRefused("offline", `${hostId} is not connected: ${host.info().reason ?? host.info().state}`);
    if (connection.root === "none")
      throw new RemedyRefused(
        "no-root",
        `a change needs root on ${hostId}: ${connection.rootReason ?? "sudo is not allowed"}`,
      );
    return host;
  }

  private forgetOld(): void {
    for (const [run, shown] of this.shown) if (this.deps.now() - shown.at > planLifeMs) this.shown.delete(run);
  }
}
