import { z } from "zod";
import { Change, programs, whyNoChange } from "@/lib/changes/change";
import type { Argv, Commands } from "@/lib/changes/define";
import { commandLine } from "@/lib/checks/evidence";
import { managers } from "@/lib/persist/registry";
import type { Assessed } from "@/lib/remedies/assess";
import type { Plan, Remedy } from "@/lib/remedies/define";
import { remedies } from "@/lib/remedies/registry";
import type { Wording } from "@/lib/wording";
import type { HostConnection } from "../ssh/api";

/**
 * From what is to be changed to what is run. The database that runs are kept in is input: a row holds changes and no commands, and the commands of a
 * do, of an undo and of the armed guard are all made here, from the catalogue of this build.
 */

type ManagerId = keyof typeof managers;
const managerIds = Object.keys(managers) as [ManagerId, ...ManagerId[]];

/** One change of a run as it is kept: what changes, and who keeps it on the host. */
export const KeptStep = z.strictObject({ by: z.enum(managerIds), change: Change });
export type KeptStep = z.output<typeof KeptStep>;

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

/** The one place where a command of a change goes to a host. Rejects with ChangeRefused before anything is sent where its program is not on the list. */
export async function runOn(connection: HostConnection, argv: readonly string[]): ReturnType<HostConnection["run"]> {
  return connection.run(allowed(argv), { timeoutMs: 15_000 });
}

/**
 * The commands of a remedy's changes, in their order. Everything is checked again, whoever it comes from: that there is such a remedy, that it makes
 * such changes, that each has the shape of its kind. Throws ChangeRefused naming what is wrong.
 */
export function commandsFor(remedyId: string, steps: readonly KeptStep[]): Commands[] {
  return stepsFor(remedyId, steps).flat();
}

/** What a run keeps of its changes. */
type Kept = { readonly remedy: string; readonly steps: readonly KeptStep[] };

/** The commands of a kept run; none for one of an older release. Throws ChangeRefused. */
export const commandsOf = ({ remedy, steps }: Kept): readonly Commands[] =>
  steps.length === 0 ? [] : commandsFor(remedy, steps);

/** The same as lines that a person reads. */
export const linesOf = (run: Kept): { readonly do: string; readonly undo: string }[] =>
  commandsOf(run).map((one) => ({ do: commandLine(one.do), undo: commandLine(one.undo) }));

function stepsFor(remedyId: string, steps: readonly KeptStep[]): (readonly Commands[])[] {
  const remedy = remedies.find((one) => one.id === remedyId);
  if (!remedy) throw new ChangeRefused(`there is no remedy ${JSON.stringify(remedyId)}`);
  return steps.map((step) => {
    const read = KeptStep.safeParse(step);
    if (!read.success)
      throw new ChangeRefused(whyNoChange(step.change) ?? `${JSON.stringify(step.by)} keeps no changes`);
    const { by, change } = read.data;
    if (!remedy.makes.includes(change.kind))
      throw new ChangeRefused(`remedy ${remedy.id} makes no change of kind ${change.kind}`);
    return managers[by].steps(change).map((one) => ({ do: allowed(one.do), undo: allowed(one.undo) }));
  });
}

export interface WorkedStep extends Commands {
  readonly says: Wording;
}

/** A plan with its commands, its changes as they are kept, and what follows from it and the graph. */
export interface WorkedPlan extends Assessed {
  readonly steps: readonly WorkedStep[];
  readonly kept: readonly KeptStep[];
  readonly blinks: Wording;
}

/**
 * A remedy's plan with its commands. Throws ChangeRefused where the catalogue does not allow what it asks for: a name from the host may be one that no
 * command takes.
 */
export function workOut(remedy: Remedy, plan: Plan, assessed: Assessed): WorkedPlan {
  const kept = plan.steps.map(({ change }): KeptStep => ({ by: "runtime", change }));
  const steps = stepsFor(remedy.id, kept).flatMap((commands, index) =>
    commands.map((one): WorkedStep => ({ says: plan.steps[index]?.says ?? plan.steps[0].says, ...one })),
  );
  return { ...assessed, steps, kept, blinks: plan.blinks };
}
