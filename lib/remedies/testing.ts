import { Change, commandsOf, programs } from "../changes/change";
import type { Check } from "../checks/define";
import { examplesOf } from "../checks/examples";
import { checks } from "../checks/registry";
import { exampleNow, runExample } from "../checks/run-example";
import { buildGraph } from "../graph/builder";
import { passes } from "../graph/passes/registry";
import { viewOf } from "../graph/view";
import type { Plan, Planned, Refused, Remedy, RemedyContext } from "./define";
import { remedies } from "./registry";

/** What the tests of remedies share: each remedy planned from the examples of the checks. */

/** The finding of each bad example of a check, with graph and facts, as a remedy gets it. */
export const contextsOf = (check: Check): { readonly example: string; readonly context: RemedyContext }[] =>
  (examplesOf.get(check.id)?.bad ?? []).flatMap((bad) => {
    const { outcome } = runExample(check, bad, passes);
    if (outcome.kind !== "finding") return [];
    const finding = { ...outcome.finding, since: exampleNow, impacts: [] };
    const graph = viewOf(buildGraph("h", bad.facts, {}, passes).graph);
    return [{ example: bad.name, context: { finding, graph, facts: bad.facts } }];
  });

export function contextOf(check: string, example: string): RemedyContext {
  const unit = checks.find((one) => one.id === check);
  const found = unit && contextsOf(unit).find((one) => one.example === example);
  if (!found) throw new Error(`${check}: no example "${example}", or it is no finding`);
  return found.context;
}

export function remedyNamed(id: string): Remedy {
  const remedy = remedies.find((one) => one.id === id);
  if (!remedy) throw new Error(`no remedy ${id}`);
  return remedy;
}

/** The plans and refusals in what a remedy answered, whatever is left to choose. */
export const plansIn = (planned: Planned): readonly (Plan | Refused)[] =>
  "choices" in planned ? planned.choices.map(({ plan }) => plan) : [planned];

/** Each step and its undo as command lines, or why there are none. Throws where a change is not checked data or has a program that no kind names. */
export function linesOf(plan: Plan | Refused): string[] {
  if ("refused" in plan) return [`refused: ${plan.refused.en}`];
  return plan.steps.flatMap(({ change }) => {
    if (JSON.stringify(Change.parse(change)) !== JSON.stringify(change))
      throw new Error(`${change.kind}: not as checked`);
    const commands = commandsOf(change);
    return [commands.do, commands.undo].map((argv) => {
      if (!programs.has(argv[0]) || argv.includes("")) throw new Error(`${argv.join(" ")}: no command of a change`);
      return argv.join(" ");
    });
  });
}

/** The lines that a remedy plans for a check's example: of the only one it has, or of the one that is named. */
export function planned(check: string, example: string, remedy?: string): string[] {
  const serving = remedies.filter((one) => one.checks.includes(check) && (remedy === undefined || one.id === remedy));
  const [one, ...more] = serving;
  if (!one || more.length > 0) throw new Error(`${check}: ${serving.length} remedies`);
  return plansIn(one.plan(contextOf(check, example))).flatMap(linesOf);
}
