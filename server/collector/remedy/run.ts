import { guestKinds } from "@/lib/graph/kinds";
import { messageIn } from "@/lib/text/findings";
import { both, clauses, type Said, type SaidId, Saying, said, saidBy, words, wordsOf } from "@/lib/text/said";
import type { Wording } from "@/lib/wording";
import type { HostConnection } from "../ssh/api";
import type { Phase, RemedyDeps, RemedyHost, RunRecord } from "./api";
import { lineOf, runOn, type WorkedPlan } from "./commands";
import { arm, disarm, NotArmed, outcomeSays, undoScript } from "./guard";
import { type Answer, addressesOfGuest, askGuests } from "./guests";
import { restsOn } from "./rests-on";
import { guardEnd } from "./settle";

/** What the person was shown and confirmed. */
export interface Confirmed {
  readonly run: string;
  readonly host: string;
  readonly remedy: string;
  readonly finding: string;
  readonly who: string;
  readonly plan: WorkedPlan;
  readonly windowMs: number;
  /** Its commands as lines, as the person saw them. */
  readonly shown: readonly { readonly do: string; readonly undo: string }[];
}

/** Pause between two looks at whether the change has worked. */
const lookEveryMs = 700;
/** The longest of such pauses, where a plan may need minutes. */
const longestPauseMs = 5_000;

/**
 * One guarded change, from the first probe to kept or undone. The order is the point: probe, arm the undo on the host, apply, wait until the check
 * is clear and the guests answer, disarm, look once more. Whatever goes wrong after arming ends in an undo, by us or by the host alone.
 */
export class GuardedRun {
  private record: RunRecord;
  private stop = false;
  private course: "forward" | "back" | "over" = "forward";
  private readonly askers: ((undoing: boolean) => void)[] = [];
  /** The net is taken down: from here on the host does nothing by itself. */
  private disarmed = false;
  /** A step of the change was sent to the host. */
  private sent = false;
  /** Why the record as it is now does not lie in the store, and why the browsers were not told of it. */
  private unstored: string | undefined;
  private untold: string | undefined;

  constructor(
    private readonly deps: RemedyDeps,
    private readonly host: RemedyHost,
    private readonly confirmed: Confirmed,
  ) {
    const now = deps.now();
    this.record = {
      run: confirmed.run,
      host: confirmed.host,
      remedy: confirmed.remedy,
      finding: confirmed.finding,
      who: confirmed.who,
      phase: "probing",
      says: said("notBegun"),
      steps: confirmed.plan.kept,
      guard: null,
      undoAt: null,
      disarming: null,
      settled: false,
      startedAt: now,
      updatedAt: now,
    };
  }

  /**
   * The person pressed undo while the change was under way. Resolves with true once that it is being undone lies in the store: a request that only we knew of would be lost with us.
   * False: it came to its end without.
   */
  requestUndo(): Promise<boolean> {
    this.stop = true;
    if (this.course !== "forward") return Promise.resolve(this.course === "back");
    return new Promise((resolve) => this.askers.push(resolve));
  }

  private turn(course: "back" | "over"): void {
    this.course = course;
    for (const answer of this.askers.splice(0)) answer(course === "back");
  }

  /** Writes down that it begins. Rejects with NotStored: then nothing has begun. */
  async begin(): Promise<void> {
    await this.update({ says: said("asking") });
  }

  /** Runs to its end, after `begin`. Never rejects: every ending is a phase with its sentence. */
  async go(): Promise<RunRecord> {
    try {
      const before = await this.probe();
      await this.guard();
      if (!(await this.apply())) return await this.undo(said("stepFailed", { why: wordsOf(this.record.says) }));
      const verdict = await this.verify(before);
      if (!verdict.good) return await this.undo(verdict.says);
      return await this.keep(verdict.says);
    } catch (error) {
      return await this.stopped(error);
    }
  }

  /** A store that fails keeps the next step from being sent, and never keeps what was sent from being taken back: the connection is there, so that is done now. */
  private async stopped(error: unknown): Promise<RunRecord> {
    if (!(error instanceof NotStored) || this.record.guard === null) return this.lost(error);
    try {
      const why = said("notStored", { why: error.message });
      return this.sent ? await this.undo(why) : await this.standDown(why);
    } catch (second) {
      return this.lost(second);
    }
  }

  /** The undo is armed, and no step was sent: there is nothing to undo. */
  private async standDown(why: Said): Promise<RunRecord> {
    await this.note({ disarming: "undone" });
    const result = await disarm(this.connection(), this.confirmed.run, this.record.guard);
    this.disarmed = result.state === "disarmed";
    const known = this.disarmed ? [] : [wordsOf(outcomeSays(result, []))];
    return this.end("failed", said("nothingChanged", { why: clauses([wordsOf(why), ...known]) }));
  }

  private async probe(): Promise<ReadonlyMap<string, Answer>> {
    this.tell();
    return this.ask();
  }

  private async guard(): Promise<void> {
    const { plan, windowMs, run } = this.confirmed;
    // First: a plan that cannot be undone is refused before anything is armed.
    const undo = undoScript(plan);
    await this.phase("arming", said("arming", { seconds: Math.round(windowMs / 1000) }));
    // The phase stands in the store already: after a crash in between the guard is found by the run's name (settle.ts).
    const guard = await arm(this.connection(), run, windowMs, undo);
    // It waits there, whether or not that can be written down.
    this.record = { ...this.record, guard, undoAt: this.deps.now() + windowMs };
    await this.update({});
  }

  private async apply(): Promise<boolean> {
    for (const [index, step] of this.confirmed.plan.steps.entries()) {
      await this.phase(
        "applying",
        said("applying", { step: step.says, at: index + 1, of: this.confirmed.plan.steps.length }),
      );
      const connection = this.connection();
      this.sent = true;
      const answer = await runOn(connection, step.do, { run: this.confirmed.run, at: index });
      if (answer.exit !== 0) {
        const command = this.confirmed.shown[index]?.do ?? lineOf(step.do);
        await this.note({ says: exitSaid(command, answer) });
        return false;
      }
    }
    return true;
  }

  /** Good: the finding is gone, and every guest that answered before still does. A guest that was silent before and stays so is said, and undoes nothing. */
  private async verify(before: ReadonlyMap<string, Answer>): Promise<{ good: boolean; says: Said }> {
    const { settling } = this.confirmed.plan;
    const began = this.deps.now();
    const deadline = began + settling.ms;
    const seconds = Math.round(settling.ms / 1000);
    await this.phase("settling", said("settling", { seconds, because: clauses(settling.because) }));
    for (;;) {
      if (this.stop) return { good: false, says: said("undoAsked") };
      const { good, says } = await this.look(before, deadline);
      const left = deadline - this.deps.now();
      if (good || left <= 0) return { good, says };
      // A check that looks back minutes is not asked every moment of them.
      const pause = Math.max(lookEveryMs, Math.min(longestPauseMs, (this.deps.now() - began) / 10));
      await this.deps.sleep(Math.min(pause, left));
    }
  }

  /** One look at the check, and at the guests where it is clear. */
  private async look(before: ReadonlyMap<string, Answer>, deadline: number): Promise<{ good: boolean; says: Said }> {
    await this.host.reread(restsOn(this.confirmed.finding));
    const finding = this.host.engine.snapshot().findings.find((f) => f.key === this.confirmed.finding);
    if (finding?.status === "unknown")
      return { good: false, says: said("checkUnknown", { because: finding.because ?? "" }) };
    if (finding) return { good: false, says: said("stillSo", { message: messageIn(finding) }) };
    await this.phase("verifying", said("clearAsking"));
    const result = compareAnswers(before, await this.ask(), new Set(this.confirmed.plan.probe));
    if (result.lost.length > 0) return { good: false, says: said("lostGuests", { guests: result.lost.join(", ") }) };
    return { good: result.waiting.length === 0 || this.deps.now() >= deadline, says: result.says };
  }

  private async keep(says: Said): Promise<RunRecord> {
    await this.update({ disarming: "verified" });
    const result = await disarm(this.connection(), this.confirmed.run, this.record.guard);
    if (result.state === "undoing" || result.state === "waiting") return this.byItself(said("notInTime"));
    if (result.state === "undone") return this.end("undone", said("firedBefore"));
    if (result.state === "not-undone") return this.end("failed", outcomeSays(result, this.confirmed.shown));
    if (result.state === "unknown") return this.unknown(both(says, outcomeSays(result, [])));
    this.disarmed = true;
    const read = await this.lookAgain();
    if (this.stop) return this.undo(said("undoAsked"));
    if (!read) return this.end("kept", both(says, said("notReadAgain")));
    const back = this.host.engine.snapshot().findings.find((f) => f.key === this.confirmed.finding);
    if (back && back.status !== "unknown") return this.undo(said("cameBack", { message: messageIn(back) }));
    return this.end("kept", says);
  }

  /** Undoes first and disarms afterwards: the other way round, a connection lost in between would leave the change in place for ever. */
  private async undo(why: Said): Promise<RunRecord> {
    await this.note({ disarming: null, phase: "undoing", says: around("undoing", why) });
    this.turn("back");
    this.tell();
    const failures: Wording[] = [];
    for (const [index, step] of [...this.confirmed.plan.steps.entries()].reverse()) {
      const answer = await runOn(this.connection(), step.undo, { run: this.confirmed.run, at: index });
      if (answer.exit !== 0) failures.push(exitWords(this.confirmed.shown[index]?.undo ?? "", answer));
    }
    // The armed guard is left to try once more.
    if (failures.length > 0)
      return this.byItself(said("undoFailed", { why: wordsOf(why), failures: clauses(failures) }));
    await this.note({ disarming: "undone" });
    await disarm(this.connection(), this.confirmed.run, this.record.guard);
    this.disarmed = true;
    return this.end("undone", (await this.lookAgain()) ? why : both(why, said("notReadAgain")));
  }

  /** The guard has the last word: waits until it has fired, and says what came of it. */
  private async byItself(why: Said): Promise<RunRecord> {
    await this.note({ phase: "undoing", says: around("hostTries", why) });
    this.tell();
    const result = await guardEnd(this.record, this.host, this.deps);
    await this.lookAgain();
    const says = both(why, outcomeSays(result, this.confirmed.shown));
    if (result.state === "undone") return this.end("undone", says);
    // Disarmed, and yet we come here: what came back after a change that was verified could not be taken back.
    if (result.state === "not-undone" || result.state === "disarmed") return this.end("failed", says);
    return this.unknown(says);
  }

  /** The host was asked and does not know: to ask again would tell no more. */
  private unknown(says: Said): Promise<RunRecord> {
    return this.end("unknown", says, true);
  }

  /** Reads what the finding rests upon once more; false when the host cannot be read any more, which changes no outcome that is known. */
  private async lookAgain(): Promise<boolean> {
    try {
      await this.host.reread(restsOn(this.confirmed.finding));
      return true;
    } catch (error) {
      await this.note({ says: around("notReadBecause", saidBy(error)) });
      return false;
    }
  }

  /** The connection or the host failed us. Before the guard was seen armed nothing was touched; after it, the host undoes alone. */
  private async lost(error: unknown): Promise<RunRecord> {
    const why = saidBy(error);
    const { guard, phase, disarming } = this.record;
    if (guard === null && (phase !== "arming" || error instanceof NotArmed))
      return this.end("failed", around("nothingChanged", why));
    if (guard === null) return this.end("unknown", around("maybeArmed", why));
    if (this.disarmed) return this.end("unknown", around("afterDisarming", why));
    return this.end("unknown", around(disarming === null ? "leftToHost" : "whileDisarming", why));
  }

  private async ask(): Promise<Map<string, Answer>> {
    const { engine } = this.host;
    // Other guests on the same host may share the bridge: a sample of them tells whether the change hurts bystanders.
    const bystanders = guestKinds
      .flatMap((kind) => engine.graph.ofKind(kind))
      .map((vm) => vm.id)
      .filter((id) => !this.confirmed.plan.probe.includes(id));
    const vms = [...this.confirmed.plan.probe.slice(0, 32), ...bystanders.slice(0, 8)];
    return askGuests(
      this.connection(),
      new Map(vms.map((vm) => [vm, addressesOfGuest(engine.graph, engine.facts, vm)])),
    );
  }

  private connection(): HostConnection {
    const connection = this.host.connection();
    if (!connection) throw new Saying(said("connectionLost", { host: this.confirmed.host }));
    return connection;
  }

  private async phase(phase: Phase, says: Said): Promise<void> {
    await this.update({ phase, says });
    this.tell();
  }

  private tell(): void {
    const { phase, says } = this.record;
    try {
      this.deps.progress({
        run: this.record.run,
        host: this.record.host,
        phase,
        says,
        at: this.record.updatedAt,
        ...(this.record.undoAt !== null ? { undoAt: this.record.undoAt } : {}),
      });
    } catch (error) {
      // Those who look on are no reason to leave a change where it is; the audit log says at the end that they were not told.
      this.untold = messageOf(error);
    }
  }

  /** An end that cannot be written down is an end all the same: it is told and goes into the audit log, with that. */
  private async end(phase: Phase, outcome: Said, settled = false): Promise<RunRecord> {
    this.course = "over";
    await this.note({ phase, says: outcome, settled });
    this.turn("over");
    const says =
      this.unstored === undefined ? outcome : said("endNotStored", { says: wordsOf(outcome), why: this.unstored });
    this.record = { ...this.record, says };
    this.tell();
    const detail = this.confirmed.shown.map((step) => step.do).join("; ");
    const untold = this.untold === undefined ? "" : `; the pages could not be told: ${this.untold}`;
    this.deps.audit({
      who: this.confirmed.who,
      what: `remedy ${this.confirmed.remedy}`,
      host: this.confirmed.host,
      outcome: `${phase}: ${wordsOf(says).en}${untold}`,
      detail,
    });
    return this.record;
  }

  /** For the way forward. Resolves once it lies in the store; what cannot be stored has not happened. Rejects with NotStored. */
  private async update(part: Partial<RunRecord>): Promise<void> {
    const next = { ...this.record, ...part, updatedAt: this.deps.now() };
    try {
      await this.deps.store.put(next);
    } catch (error) {
      throw new NotStored(messageOf(error));
    }
    this.record = next;
    this.unstored = undefined;
  }

  /** For the way back and the end, which wait for no store. Never rejects: what is not stored is said at the end. */
  private async note(part: Partial<RunRecord>): Promise<void> {
    this.record = { ...this.record, ...part, updatedAt: this.deps.now() };
    try {
      await this.deps.store.put(this.record);
      this.unstored = undefined;
    } catch (error) {
      this.unstored = messageOf(error);
    }
  }
}

/** The store did not take what was to be written down before the next step. */
class NotStored extends Error {
  override readonly name = "NotStored";
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const alive = (answer: Answer | undefined) => answer === "icmp" || answer === "arp";

/** A command that did not end with 0, with the host's own words. */
export const exitWords = (command: string, answer: { readonly exit: number; readonly stderr: string }): Wording =>
  wordsOf(exitSaid(command, answer));

const exitSaid = (command: string, { exit, stderr }: { readonly exit: number; readonly stderr: string }): Said =>
  said("exitWith", { command, exit, words: stderr.trim().slice(0, 500) });

/** A sentence that gives another one as its reason. */
const around = (id: SaidId, why: Said): Said => said(id, { why: wordsOf(why) });

/** Sets what answers now against what answered before. `waiting`: guests of the change that should come back and have not yet. */
export function compareAnswers(
  before: ReadonlyMap<string, Answer>,
  after: ReadonlyMap<string, Answer>,
  aimed: ReadonlySet<string>,
): { lost: string[]; waiting: string[]; says: Said } {
  const lost = [...before].filter(([vm, answer]) => alive(answer) && after.get(vm) === "silent").map(([vm]) => vm);
  const asked = [...aimed].filter((vm) => after.has(vm) && after.get(vm) !== "no-address");
  const waiting = asked.filter((vm) => !alive(after.get(vm)));
  const unasked = [...aimed].filter((vm) => !asked.includes(vm));
  if (aimed.size === 0) return { lost, waiting, says: said("noGuest") };
  const counts = { some: asked.length - waiting.length, all: asked.length };
  const more = [
    ...(waiting.length > 0 ? [words("silentAsBefore", { guests: waiting.join(", ") })] : []),
    ...(unasked.length > 0 ? [words("noAddress", { guests: unasked.join(", ") })] : []),
  ];
  const says = said("answering", counts);
  return {
    lost,
    waiting,
    says: more.length === 0 ? says : said("both", { first: wordsOf(says), second: clauses(more) }),
  };
}
