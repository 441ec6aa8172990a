import { z } from "zod";
import { Change, commandsOf, programs, whyNoChange } from "@/lib/changes/change";
import type { Argv } from "@/lib/changes/define";
import { commandLine } from "@/lib/checks/evidence";
import type { Facts } from "@/lib/facts/facts";
import type { Manager } from "@/lib/persist/define";
import { shellScript } from "@/lib/persist/printers/shell";
import { managers } from "@/lib/persist/registry";
import type { Assessed } from "@/lib/remedies/assess";
import type { Plan, Remedy } from "@/lib/remedies/define";
import { remedies } from "@/lib/remedies/registry";
import type { Wording } from "@/lib/wording";
import type { HostConnection } from "../ssh/api";
import { backScript, KeptFile, keptFolder, keptOf, writeScript } from "./files";
import { unitName } from "./unit";

/**
 * From what is to be changed to what is run. The database that runs are kept in is input: a row holds changes and no commands, and the commands of a
 * do, of an undo and of the armed guard are all made here, from the catalogue of this build.
 */

type ManagerId = keyof typeof managers;
const managerIds = Object.keys(managers) as [ManagerId, ...ManagerId[]];
const by = z.enum(managerIds);

/** One step of a run as it is kept: what changes, and who keeps it on the host. Of a file only digests: its old bytes lie on the host. */
export const KeptStep = z.union([z.strictObject({ by, change: Change }), z.strictObject({ by, file: KeptFile })]);
export type KeptStep = z.output<typeof KeptStep>;

/** One half of a step, as it goes to the host: a command, or a file. `text`: the new bytes of a file that is to be written; else it is put back. */
export type Act = Argv | { readonly file: KeptFile; readonly text?: string };
export interface Acts {
  readonly do: Act;
  readonly undo: Act;
}

/** Whose step an act is: the run's name and the place among its steps. The old bytes of a file lie under both. */
export interface Whose {
  readonly run: string;
  readonly at: number;
}

/** A change, a kind of change or a program that the catalogue does not have. Nothing was run. */
export class ChangeRefused extends Error {
  override readonly name = "ChangeRefused";
}

/** The same vector, once its program is one that a change may run. Throws ChangeRefused naming any other. */
export function allowed(argv: readonly string[]): Argv {
  const [program, ...words] = argv;
  if (program === undefined || !programs.has(program))
    throw new ChangeRefused(`${JSON.stringify(program ?? "")} is no program that a change may run`);
  return [program, ...words];
}

/**
 * The one place where a command of a change goes to a host, or a file. Rejects with ChangeRefused before anything is sent where its program is not on the
 * list, or a file is to be written of which there are no bytes.
 */
export async function runOn(connection: HostConnection, act: Act, whose: Whose): ReturnType<HostConnection["run"]> {
  if (!("file" in act)) return connection.run(allowed(act), { timeoutMs: 15_000 });
  const { path, was, now } = act.file;
  const [folder, step] = [`${keptFolder}/${unitName(whose.run)}`, String(whose.at)];
  const old = was ?? "absent";
  if (act.text === undefined)
    return connection.script(backScript, [path, old, now, folder, step], { timeoutMs: 15_000 });
  const bytes = Buffer.from(act.text).toString("base64");
  return connection.script(writeScript, [path, old, now, folder, step, bytes], { timeoutMs: 15_000 });
}

/** An act as a line that a person reads. */
export const lineOf = (act: Act): string =>
  "file" in act ? `${act.text === undefined ? "restore" : "write"} ${act.file.path}` : commandLine(act);

/** What a run keeps of its changes. */
type Kept = { readonly remedy: string; readonly steps: readonly KeptStep[] };

/**
 * The acts of a kept run, in their order; none for one of an older release. Everything is checked again, whoever it comes from: that there is such a remedy,
 * that it makes such changes, that each has the shape of its kind, that its manager may write such a file. Throws ChangeRefused naming what is wrong.
 */
export function actsOf({ remedy: id, steps }: Kept): readonly Acts[] {
  if (steps.length === 0) return [];
  const remedy = remedies.find((one) => one.id === id);
  if (!remedy) throw new ChangeRefused(`there is no remedy ${JSON.stringify(id)}`);
  return steps.map((step) => {
    const read = KeptStep.safeParse(step);
    if (!read.success) throw new ChangeRefused(whyRefused(step));
    return actsFor(remedy, read.data);
  });
}

function whyRefused(step: KeptStep): string {
  if ("file" in step) return `${JSON.stringify(step.file?.path)} is no file step that can be read`;
  return whyNoChange(step.change) ?? `${JSON.stringify(step.by)} keeps no changes`;
}

function actsFor(remedy: Remedy, step: KeptStep): Acts {
  const manager: Manager = managers[step.by];
  if ("file" in step) {
    if (manager.mayWrite?.(step.file.path) !== true)
      throw new ChangeRefused(`${step.by} does not write ${step.file.path}`);
    return { do: { file: step.file }, undo: { file: step.file } };
  }
  const { kind } = step.change;
  if (!remedy.makes.includes(kind) && manager.makes?.includes(kind) !== true)
    throw new ChangeRefused(`remedy ${remedy.id} makes no change of kind ${kind}`);
  const commands = commandsOf(step.change);
  return { do: allowed(commands.do), undo: allowed(commands.undo) };
}

/** The same as lines that a person reads. */
export const linesOf = (run: Kept): { readonly do: string; readonly undo: string }[] =>
  actsOf(run).map((one) => ({ do: lineOf(one.do), undo: lineOf(one.undo) }));

export interface WorkedStep extends Acts {
  readonly says: Wording;
}

/** A plan with its acts, its changes as they are kept, and what follows from it and the graph. */
export interface WorkedPlan extends Assessed {
  readonly steps: readonly WorkedStep[];
  readonly kept: readonly KeptStep[];
  readonly blinks: Wording;
  readonly script: string;
}

/**
 * A remedy's plan with its acts, as a manager makes them. Throws ChangeRefused where the catalogue does not allow what it asks for: a name from the host may be
 * one that no command takes.
 */
export function workOut(
  remedy: Remedy,
  plan: Plan,
  assessed: Assessed,
  facts: Facts,
  id: ManagerId = "runtime",
): WorkedPlan {
  const manager: Manager = managers[id];
  const made = plan.steps.flatMap(({ says, change }) => {
    const steps = manager.steps(change, facts);
    if ("byHand" in steps) throw new ChangeRefused(steps.byHand.en);
    return steps.map((step) => ({ says, step }));
  });
  const kept = made.map(({ step }): KeptStep => {
    return "file" in step ? { by: id, file: keptOf(step.file) } : { by: id, change: step.change };
  });
  const acts = actsOf({ remedy: remedy.id, steps: kept });
  const steps = made.flatMap(({ says, step }, at): WorkedStep[] => {
    const own = acts[at];
    if (!own) return [];
    if (!("file" in step) || !("file" in own.do)) return [{ says, ...own }];
    return [{ says, ...own, do: { ...own.do, text: step.file.text } }];
  });
  return { ...assessed, steps, kept, blinks: plan.blinks, script: shellScript(remedy.title.en, made) };
}
