/** One fault made for real and held against what the product says of it. */
import type { Finding } from "@/lib/checks/finding";
import type { Probe } from "@/lib/probes/define";
import { probes } from "@/lib/probes/registry";
import { problemsOf } from "@/lib/problems/derive";
import { restsOn } from "@/server/collector/remedy/rests-on";
import type { LabCase } from "./cases";
import { guestNames } from "./config";
import { type Hung, hungOf, rulesOf } from "./hung";
import type { Lab } from "./lab";
import { hostId, Watcher } from "./watcher";

/** Longest time in which a fault must be seen: three slow sweeps of the emulated machine. */
const seenWithinMs = 60_000;
/** For what else the fault made red, once it is healed and its own finding is gone. */
const goneWithinMs = 20_000;

export interface Diagnosis {
  readonly id: string;
  readonly check: string;
  readonly found: boolean;
  readonly subjectRight: boolean;
  readonly subject: string;
  readonly impactsRight: boolean;
  readonly impacts: readonly string[];
  /** Accusations that neither are this fault nor hang under it, nor are expected beside it. */
  readonly otherReds: readonly string[];
  /** Those that the case expects beside it: the same fault seen from elsewhere, or what no cause rule can tell. */
  readonly beside: readonly string[];
  /** How many accusations are this fault or hang under it, however deep. */
  readonly explained: number;
  /** Accusations on the healthy base, before anything was done: false alarms. */
  readonly falseAlarms: readonly string[];
  readonly seconds: number;
  readonly via: "event" | "sweep";
  /** The finding went away once the fault was healed by hand. */
  readonly cleared: boolean;
  /** Accusations that were not there before and still were, a while after that: logs and counters that are remembered. */
  readonly left: readonly string[];
  /** What hung under what because of the fault, and by which rule. */
  readonly hung: readonly Hung[];
  /** Cause rules that name this case as their proof, and hung nothing. */
  readonly unhung: readonly string[];
}

export const isGood = (d: Diagnosis): boolean =>
  d.found &&
  d.subjectRight &&
  d.impactsRight &&
  d.cleared &&
  d.otherReds.length === 0 &&
  d.falseAlarms.length === 0 &&
  d.unhung.length === 0;

/** True of the lab itself, not false alarms: its guests really are emulated, it really has no hardware clock to trust. */
export const trueOfTheLab: ReadonlySet<string> = new Set(["kvm-unavailable"]);

export async function diagnose(lab: Lab, labCase: LabCase): Promise<Diagnosis> {
  // Long: one row of the report, each column from the same snapshot.
  await lab.restore(labCase.base);
  const watcher = await Watcher.open(lab, labCase.settings);
  try {
    const healthy = new Set(watcher.accusations().map((finding) => finding.key));
    const falseAlarms = watcher
      .accusations()
      .filter((finding) => !trueOfTheLab.has(finding.check))
      .map(describeFinding);
    const nameOf = ({ rule, effect, under }: Hung) => `${rule} ${effect} ${under}`;
    const hungBefore = new Set(hungOf(watcher.snapshot()).map(nameOf));
    const hung = () => hungOf(watcher.snapshot()).filter((one) => !hungBefore.has(nameOf(one)));
    const unhung = () => rulesOf(labCase.id).filter((rule) => !hung().some((one) => one.rule === rule));
    const started = Date.now();
    await mustHold(lab, labCase, false);
    await labCase.inject(lab);
    await mustHold(lab, labCase, true);
    const isNew = (finding: Finding) => !healthy.has(finding.key);
    const ours = () => watcher.accusations().filter((finding) => finding.check === labCase.check && isNew(finding));
    const right = () => ours().find((finding) => subjectIsRight(labCase, finding.subject));
    const seen = await watcher.until(right, seenWithinMs);
    const seconds = (Date.now() - started) / 1000;
    const via = watcher.lastCause;
    // What else turns red shows only once everything has been read again.
    await watcher.sweep();
    // A second symptom may need longer than the first: an address is asked for until it counts as silent.
    if (unhung().length > 0) await watcher.until(() => (unhung().length === 0 ? true : undefined), seenWithinMs);
    await guestsAsExpected(lab, labCase);
    const now = watcher.accusations().filter(isNew);
    const hangs = hung();
    const missed = unhung();
    const finding = right() ?? seen ?? ours()[0];
    const head = now.find((one) => one.key === finding?.cause) ?? finding;
    const impacts = (head?.impacts ?? [])
      .map((id) => watcher.snapshot().nodes.find((node) => node.id === id)?.name ?? id)
      .sort();
    const byKey = new Map(now.map((finding) => [finding.key, finding]));
    // Of what is new alone: what was red before is no problem of this fault.
    const alone = problemsOf(now)
      .filter((problem) => !isOf(labCase, problem, head))
      .flatMap(({ key, tail }) => [key, ...tail.map((one) => one.key)])
      .flatMap((key) => byKey.get(key) ?? []);
    const allowed = new Set([labCase.check, ...labCase.expect.alsoAllowed]);
    await labCase.heal(lab);
    await mustHold(lab, labCase, false);
    // As the product does after a remedy: what the finding rests upon is read again before all else.
    const upon = new Set<string>(restsOn(finding?.key ?? ""));
    await watcher.sweep(Object.values<Probe>(probes).filter((probe) => upon.has(probe.id)));
    const cleared = (await watcher.until(() => (right() === undefined ? true : undefined), seenWithinMs)) === true;
    const left = () => watcher.accusations().filter(isNew);
    await watcher.until(() => (left().length === 0 ? true : undefined), goneWithinMs);
    return {
      id: labCase.id,
      check: labCase.check,
      found: ours().length > 0 || finding !== undefined,
      subjectRight: finding !== undefined && subjectIsRight(labCase, finding.subject),
      subject: finding?.subject ?? "",
      impactsRight: impactsAreRight(labCase, impacts),
      impacts,
      otherReds: alone.filter((one) => !allowed.has(one.check)).map(describeFinding),
      beside: alone.filter((one) => allowed.has(one.check)).map(({ key }) => key),
      explained: now.length - alone.length,
      falseAlarms,
      seconds,
      via,
      cleared,
      left: left().map(({ key }) => key),
      hung: hangs,
      unhung: missed,
    };
  } finally {
    watcher.close();
  }
}

type Placed = Pick<Finding, "key" | "check" | "subject">;

/** The problem with this head is the fault: it is the one that was found, or the same on another subject that the case names. */
const isOf = (labCase: LabCase, one: Placed, head: Finding | undefined): boolean =>
  one.key === head?.key || (one.check === labCase.check && subjectIsRight(labCase, one.subject));

/** The kernel's own word on the fault, independent of the product: else a case could prove nothing. */
async function mustHold(lab: Lab, labCase: LabCase, shows: boolean): Promise<void> {
  const holds = (await lab.tryHv(labCase.shows)).status === 0;
  if (holds !== shows)
    throw new Error(
      `${labCase.id}: the kernel ${holds ? "shows the fault, which nobody has made" : "does not show the fault"}: ${labCase.shows}`,
    );
}

/** Guests are cut off, or not, for real. */
async function guestsAsExpected(lab: Lab, labCase: LabCase): Promise<void> {
  for (const name of guestNames) {
    const answers = await lab.pingGuest(name, 2);
    if (labCase.expect.impacts.includes(name) && answers)
      throw new Error(`${labCase.id}: ${name} answers and should be cut off`);
    if (labCase.expect.impacts.includes(name) || labCase.expect.mayImpact?.includes(name) || answers) continue;
    // Emulated twice on a busy machine, a guest may answer late; one that is cut off stays silent.
    await lab.guestAnswers(name, 30_000).catch((error: unknown) => {
      throw new Error(`${labCase.id}: ${name} is silent and should not suffer`, { cause: error });
    });
  }
}

function subjectIsRight(labCase: LabCase, subject: string): boolean {
  const own = subject.startsWith(`${hostId}/`) ? subject.slice(hostId.length + 1) : subject;
  return labCase.expect.subjects.some((wanted) => (typeof wanted === "string" ? wanted === own : wanted.test(own)));
}

function impactsAreRight(labCase: LabCase, impacts: readonly string[]): boolean {
  const must: readonly string[] = labCase.expect.impacts;
  const may: readonly string[] = [...must, ...(labCase.expect.mayImpact ?? [])];
  return must.every((guest) => impacts.includes(guest)) && impacts.every((guest) => may.includes(guest));
}

export const describeFinding = (finding: Finding): string =>
  `${finding.status} ${finding.check} on ${finding.subject}: ${finding.message}`;

/** A table for people. */
export function table(rows: readonly Diagnosis[]): string {
  const head = ["fault", "found", "subject", "impacts", "cleared", "seconds", "via", "other reds", "false alarms"];
  const word = (yes: boolean) => (yes ? "yes" : "NO");
  const lines = rows.map((d) => [
    d.id,
    word(d.found),
    d.subjectRight ? "right" : `WRONG ${d.subject}`,
    d.impactsRight ? `right (${d.impacts.length})` : `WRONG ${d.impacts.join(",")}`,
    word(d.cleared),
    d.seconds.toFixed(1),
    d.via,
    String(d.otherReds.length),
    String(d.falseAlarms.length),
  ]);
  const widths = head.map((title, at) => Math.max(title.length, ...lines.map((line) => (line[at] ?? "").length)));
  const print = (cells: readonly string[]) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd();
  const notes = rows.flatMap((d) => [
    ...d.falseAlarms.map((one) => `${d.id}: false alarm: ${one}`),
    ...d.otherReds.map((one) => `${d.id}: not explained: ${one}`),
    ...d.beside.map((key) => `${d.id}: beside it, as expected: ${key}`),
    ...d.left.map((key) => `${d.id}: still red after it was healed: ${key}`),
    ...d.unhung.map((rule) => `${d.id}: the cause rule ${rule} hung nothing`),
    ...d.hung.map(({ rule, effect, under }) => `${d.id}: ${effect} hangs under ${under} (${rule})`),
  ]);
  return [print(head), ...lines.map(print), ...notes].join("\n");
}
