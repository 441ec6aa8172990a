import { expect, it } from "vitest";
import { Change } from "../changes/change";
import { kinds } from "../changes/kinds/registry";
import { examplesOf } from "../checks/examples";
import { checks } from "../checks/registry";
import { exampleNow, runExample } from "../checks/run-example";
import { buildGraph } from "../graph/builder";
import { passes } from "../graph/passes/registry";
import { viewOf } from "../graph/view";
import type { RemedyContext } from "./define";
import { remedies } from "./registry";

/** Remedies that no example of a check leads to, with the reason. */
const unplanned: ReadonlySet<string> = new Set([
  // Its way back needs the owner that sysfs-net reads, which the example of tap-no-process does not hold.
  "delete-tap",
]);

it("every kind of change is one that some remedy makes", () => {
  const made = new Set(remedies.flatMap((remedy) => remedy.makes));
  expect(Object.keys(kinds).filter((kind) => !made.has(kind as keyof typeof kinds))).toEqual([]);
  for (const remedy of remedies) expect(new Set(remedy.makes).size).toBe(remedy.makes.length);
});

it("whatever the checks' examples lead to is checked data, of the kinds that the remedy says it makes", () => {
  const planned = new Set<string>();
  for (const unit of checks) {
    const remedy = remedies.find((one) => one.id === unit.remedy);
    if (!remedy) continue;
    for (const bad of examplesOf.get(unit.id)?.bad ?? []) {
      const { outcome } = runExample(unit, bad, passes);
      if (outcome.kind !== "finding") continue;
      const finding = { ...outcome.finding, since: exampleNow, impacts: [] };
      const graph = viewOf(buildGraph("h", bad.facts, {}, passes).graph);
      const context: RemedyContext = { finding, graph, facts: bad.facts };
      for (const choice of [undefined, ...(remedy.choices?.(context) ?? [])]) {
        const plan = remedy.plan(choice ? { ...context, choice: choice.id } : context);
        if ("refused" in plan) continue;
        planned.add(remedy.id);
        for (const { change } of plan.steps) {
          expect(Change.parse(change), `${unit.id}: ${bad.name}`).toEqual(change);
          expect(remedy.makes).toContain(change.kind);
        }
      }
    }
  }
  expect(remedies.map((one) => one.id).filter((id) => !planned.has(id))).toEqual([...unplanned]);
});
