// Long: plan, apply, undo and recovery share which hosts are busy and which runs run; apart they could disagree about it.
import { assess } from "@/lib/remedies/assess";
import type { Choice, Plan, Refused, Remedy, RemedyContext } from "@/lib/remedies/define";
import { managementPath } from "@/lib/remedies/management";
import { remedies } from "@/lib/remedies/registry";
import { phaseWord } from "@/lib/text/labels";
import { reasonWording } from "@/lib/text/reasons";
import { asWritten, both, clauses, type Said, said, saidBy, words, wordsOf } from "@/lib/text/said";
import type { PlanOption, PlanView } from "@/lib/wire/rest";
import type { Wording } from "@/lib/wording";
import { hasEnded, type RemedyDeps, type RemedyHost, RemedyRefused, type RunRecord, RunRefused } from "./api";
import { type Acts, actsOf, ChangeRefused, lineOf, linesOf, runOn, type WorkedPlan, workOut } from "./commands";
import { disarm, newRunId, outcome, outcomeSays, planDigest, whyNotArm } from "./guard";
import { askMs } from "./guests";
import { restsOn } from "./rests-on";
import { exitWords, GuardedRun } from "./run";
import { settle } from "./settle";

/** How long a plan that was shown may still be confirmed. */
const planLifeMs = 10 * 60_000;
/** How long a kept change can be taken back by its own button. */
const undoKeptMs = 24 * 60 * 60_000;
/** Ground for arming, disarming and a slow moment; on top of what was measured. */
const marginMs = 8_000;

/** The word of the audit log for a stored run that is not one (lib/text/audit.ts). */
export const storedRefused = "stored change refused";

/** One way to carry a remedy out, with its commands, or why it cannot be. `choice`: absent where there is nothing to choose. */
interface Option {
  readonly choice: Omit<Choice, "plan"> | undefined;
  readonly plan: WorkedPlan | Refused;
}

/** A plan that may be confirmed, by what a person chose. */
interface Offered {
  readonly choice: string | undefined;
  readonly plan: WorkedPlan;
  readonly windowMs: number;
  readonly shown: readonly { readonly do: string; readonly undo: string }[];
}

interface Shown {
  readonly host: string;
  readonly remedy: string;
  readonly finding: string;
  readonly offered: readonly Offered[];
  readonly at: number;
}

/** What a person says when they press the button. */
export interface Confirmation {
  readonly choice?: string | undefined;
  readonly typedHost?: string | undefined;
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

  /**
   * Reads what the finding rests upon once more, and makes the plan of one of its remedies from that; of the gentlest where none is named. The time of
   * this reading goes into the undo window. What cannot be done is an option with its reason, so that a person can turn to another one.
   */
  async plan(hostId: string, finding: string, remedyId?: string): Promise<PlanView> {
    const host = this.online(hostId);
    await this.mayArm(host, hostId);
    const started = this.deps.now();
    await host.reread(restsOn(finding));
    const readMs = this.deps.now() - started;
    const { remedy, all, options } = this.makePlans(host, finding, remedyId);
    const run = newRunId();
    const offered = options.flatMap(({ choice, plan }): Offered[] =>
      "refused" in plan
        ? []
        : [
            {
              choice: choice?.id,
              plan,
              windowMs: windowOf(plan, readMs),
              shown: plan.steps.map((step) => ({ do: lineOf(step.do), undo: lineOf(step.undo) })),
            },
          ],
    );
    this.forgetOld();
    this.shown.set(run, { host: hostId, remedy: remedy.id, finding, offered, at: this.deps.now() });
    const views = options.map((option) => viewOf(option, offered, readMs));
    return { run, host: hostId, finding, remedy: remedy.id, remedies: [...all], options: views };
  }

  /** Starts the change that was shown as `run`. Resolves once that it has begun lies in the store; its course comes as progress. */
  async apply(run: string, who: string, { choice, typedHost }: Confirmation = {}): Promise<void> {
    const shown = this.shown.get(run);
    if (!shown || this.deps.now() - shown.at > planLifeMs) throw new RemedyRefused("not-found", said("planGone"));
    const { host: hostId, finding } = shown;
    const offered = chosen(shown, choice);
    if (offered.plan.management !== "clear" && typedHost !== hostId)
      throw new RemedyRefused("confirm", said("typeName", { host: hostId }));
    const host = this.online(hostId);
    if (this.busyHosts.has(hostId)) throw new RemedyRefused("busy", said("otherUnderWay", { host: hostId }));
    this.busyHosts.add(hostId);
    const { remedy } = shown;
    const { plan, windowMs } = offered;
    const confirmed = { run, host: hostId, remedy, finding, who, plan, windowMs, shown: offered.shown };
    const guarded = new GuardedRun(this.deps, host, confirmed);
    try {
      this.sameAsShown(host, shown, offered);
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

  /** Throws RemedyRefused where the plan of this moment is another than the one that was shown. */
  private sameAsShown(host: RemedyHost, { finding, remedy }: Shown, { choice, plan }: Offered): void {
    const { options } = this.makePlans(host, finding, remedy);
    const now = options.find((option) => option.choice?.id === choice)?.plan;
    if (now && "refused" in now) throw new RemedyRefused("refused", written(now.refused));
    if (!now || planDigest(now) !== planDigest(plan)) throw new RemedyRefused("changed", said("changedSince"));
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
    if (this.takenBack.has(run)) throw new RemedyRefused("busy", said("beingTakenAlready"));
    this.takenBack.add(run);
    try {
      await this.undoKept(run, who);
    } finally {
      this.takenBack.delete(run);
    }
  }

  private async undoKept(run: string, who: string): Promise<void> {
    const { record, acts } = await this.stored(run, who);
    if (!record) throw new RemedyRefused("not-found", said("noSuchChange"));
    // Of one whose outcome is unknown something may be left, so it can be taken back as well; without a guard nothing was ever sent.
    if (record.phase !== "kept" && (record.phase !== "unknown" || record.guard === null))
      throw new RemedyRefused("not-found", said("hasEndedAs", { phase: phaseWord[record.phase] }));
    if (this.deps.now() - record.updatedAt > undoKeptMs) throw new RemedyRefused("refused", said("tooOld"));
    const host = this.online(record.host);
    if (this.busyHosts.has(record.host)) throw new RemedyRefused("busy", said("otherUnderWay", { host: record.host }));
    if (acts.length === 0) throw new RemedyRefused("refused", said("ofOlderRelease"));
    this.busyHosts.add(record.host);
    try {
      await this.takeBack(record, acts, host, who);
    } catch (error) {
      // What is not finished has no end in the store.
      this.owed.add(record.host);
      throw error;
    } finally {
      this.free(record.host);
    }
  }

  /** A run of the store with the commands that the catalogue has for it. A row that is no run of this catalogue is refused and goes into the audit log. */
  private async stored(run: string, who: string): Promise<{ record?: RunRecord; acts: readonly Acts[] }> {
    try {
      const record = await this.deps.store.get(run);
      return record ? { record, acts: actsOf(record) } : { acts: [] };
    } catch (error) {
      if (!(error instanceof RunRefused || error instanceof ChangeRefused)) throw error;
      const host = error instanceof RunRefused ? error.host : "";
      this.deps.audit({ who, what: storedRefused, host, outcome: `refused: ${error.message}`, detail: `run ${run}` });
      throw new RemedyRefused("refused", asWritten(error.message));
    }
  }

  private async takeBack(record: RunRecord, acts: readonly Acts[], host: RemedyHost, who: string): Promise<void> {
    const known = record.phase === "unknown" ? await this.outcomeOf(record, host) : undefined;
    if (known?.state === "undone") return this.finish(record, "undone", outcomeSays(known, linesOf(record)), "do");
    if (known?.state === "undoing") throw new RemedyRefused("busy", said("hostUndoing", { host: record.host }));
    // Before anything is sent: after a crash in between, a run that still reads "kept" would be a lie.
    const begun: RunRecord = {
      ...record,
      who,
      phase: "undoing",
      says: said("beingTakenBack", { who }),
      disarming: null,
      settled: false,
      updatedAt: this.deps.now(),
    };
    await this.deps.store.put(begun);
    const failures = await this.runUndos(record.run, acts, host);
    const connection = host.connection();
    // Written down as soon as it is so: were the last write to fail, a later look must not call it unknown. That write tells of a store that fails.
    if (failures.length === 0) await this.deps.store.put({ ...begun, disarming: "undone" }).catch(() => undefined);
    if (known?.state === "waiting" && failures.length === 0 && connection) {
      // What it would do is done. Where it fires first it does the same once more.
      await disarm(connection, record.run, record.guard);
    }
    // The commands have told how it went; that the host cannot be read just now changes nothing of it.
    const unread = await host.reread(restsOn(record.finding)).then(
      () => undefined,
      (error: unknown) => said("notReadBecause", { why: wordsOf(saidBy(error)) }),
    );
    const phase = failures.length === 0 ? "undone" : "failed";
    const says = failures.length === 0 ? said("takenBack", { who }) : written(clauses(failures));
    await this.finish(begun, phase, unread ? both(says, unread) : says, "undo");
  }

  /** Runs the undos in reverse order, each whatever became of the one before; what failed, in words. */
  private async runUndos(run: string, acts: readonly Acts[], host: RemedyHost): Promise<Wording[]> {
    const failures: Wording[] = [];
    for (const [at, { undo }] of [...acts.entries()].reverse()) {
      const connection = host.connection();
      const answer = connection && (await runOn(connection, undo, { run, at }));
      const line = lineOf(undo);
      if (!answer) failures.push(words("lineLost", { command: line }));
      else if (answer.exit !== 0) failures.push(exitWords(line, answer));
    }
    return failures;
  }

  private async outcomeOf(record: RunRecord, host: RemedyHost) {
    const connection = host.connection();
    if (!connection) throw new RemedyRefused("offline", said("connectionLost", { host: record.host }));
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

  private async finish(record: RunRecord, phase: RunRecord["phase"], says: Said, which: "do" | "undo"): Promise<void> {
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
      outcome: `${phase}: ${wordsOf(says).en}`,
      detail,
    });
    // Last, so that an outcome that cannot be stored is told all the same.
    await this.deps.store.put({ ...record, phase, says, updatedAt: now });
  }

  /** What a remedy of a finding would do now: of the one that is named, else of the gentlest. */
  private makePlans(
    host: RemedyHost,
    findingKey: string,
    remedyId: string | undefined,
  ): { readonly remedy: Remedy; readonly all: readonly string[]; readonly options: readonly Option[] } {
    const finding = host.engine.snapshot().findings.find((f) => f.key === findingKey && f.status !== "unknown");
    if (!finding) throw new RemedyRefused("changed", said("findingGone"));
    const all = finding.remedies ?? [];
    const id = remedyId ?? all[0];
    const remedy = remedies.find((one) => one.id === id && one.checks.includes(finding.check));
    if (!remedy)
      throw new RemedyRefused(
        "not-found",
        remedyId === undefined
          ? said("noRemedy", { check: finding.check })
          : said("otherRemedy", { remedy: remedyId, check: finding.check }),
      );
    const context: RemedyContext = { finding, graph: host.engine.graph, facts: host.engine.facts };
    const planned = remedy.plan(context);
    const management = managementPath(context.graph, context.facts, host.connection()?.reached);
    const work = (plan: Plan | Refused): WorkedPlan | Refused =>
      "refused" in plan ? plan : worked(remedy, plan, context, management);
    const options: Option[] =
      "choices" in planned
        ? planned.choices.map(({ plan, ...choice }) => ({ choice, plan: work(plan) }))
        : [{ choice: undefined, plan: work(planned) }];
    return { remedy, all, options };
  }

  /** Throws RemedyRefused where no undo could be armed: a person learns so from the button, not from a change that was begun. */
  private async mayArm(host: RemedyHost, hostId: string): Promise<void> {
    const connection = host.connection();
    if (!connection) throw new RemedyRefused("offline", said("connectionLost", { host: hostId }));
    const why = await whyNotArm(connection);
    if (why === undefined) return;
    if (why.ours) throw new RemedyRefused("refused", said("cannotArm", { host: hostId, why: why.says }));
    throw new RemedyRefused("no-root", said("narrowSudo", { host: hostId, why: why.says }));
  }

  private online(hostId: string): RemedyHost {
    const host = this.deps.host(hostId);
    if (!host) throw new RemedyRefused("not-found", said("noHost", { host: hostId }));
    const connection = host.connection();
    if (!connection) {
      const { state, reason } = host.info();
      const why = reason === undefined ? state : reasonWording(reason);
      throw new RemedyRefused("offline", said("notConnected", { host: hostId, why }));
    }
    if (connection.root === "none") {
      const why = connection.rootReason ?? words("noSudo");
      throw new RemedyRefused("no-root", said("needsRoot", { host: hostId, why }));
    }
    return host;
  }

  private forgetOld(): void {
    for (const [run, shown] of this.shown) if (this.deps.now() - shown.at > planLifeMs) this.shown.delete(run);
  }
}

/** Words of ours that have no key: a remedy's own. */
const written = ({ en, zh }: Wording): Said => said("asWritten", { text: { en, zh } });

function worked(
  remedy: Remedy,
  plan: Plan,
  context: RemedyContext,
  management: ReturnType<typeof managementPath>,
): WorkedPlan | Refused {
  try {
    return workOut(remedy, plan, assess(plan, context, management), context.facts);
  } catch (error) {
    if (!(error instanceof ChangeRefused)) throw error;
    return { refused: { en: error.message, zh: error.message } };
  }
}

/** Two looks, two rounds of asking the guests, and the margin: shorter would undo changes that work, longer would keep a bad one needlessly. */
const windowOf = (plan: WorkedPlan, readMs: number): number => plan.settling.ms + 2 * readMs + 2 * askMs + marginMs;

const windowBecause = (plan: WorkedPlan, readMs: number): Wording =>
  clauses([
    ...plan.settling.because,
    words("windowReadings", { seconds: Math.round((2 * readMs) / 100) / 10 }),
    words("windowGuests", { seconds: (2 * askMs) / 1000 }),
    words("windowMargin", { seconds: marginMs / 1000 }),
  ]);

function viewOf({ choice, plan }: Option, offered: readonly Offered[], readMs: number): PlanOption {
  const chosen = choice === undefined ? {} : { choice };
  if ("refused" in plan) return { kind: "refused", ...chosen, because: plan.refused };
  const { shown = [], windowMs = 0 } = offered.find((one) => one.plan === plan) ?? {};
  return {
    kind: "plan",
    ...chosen,
    steps: plan.steps.map(({ says }, at) => ({ says, do: shown[at]?.do ?? "", undo: shown[at]?.undo ?? "" })),
    touches: [...plan.touches],
    affects: [...plan.affects],
    blinks: plan.blinks,
    risk: plan.risk,
    management: plan.management,
    windowMs,
    windowBecause: windowBecause(plan, readMs),
    script: plan.script,
  };
}

/** What was chosen of that which was shown. Throws RemedyRefused where a choice is left, or there is no such one. */
function chosen({ offered }: Shown, choice: string | undefined): Offered {
  const found = offered.find((one) => one.choice === choice);
  if (found) return found;
  throw new RemedyRefused(
    "confirm",
    said("chooseFirst", { choices: offered.flatMap((one) => one.choice ?? []).join(", ") }),
  );
}
