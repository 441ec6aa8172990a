import { describe, expect, it } from "vitest";
import { kinds } from "../changes/kinds/registry";
import { checks } from "../checks/registry";
import { remediesOf } from "../checks/remedies";
import { englishIn, placesIn } from "../wording-testing";
import { assess } from "./assess";
import { remediesByCheck } from "./gentlest";
import { managementPath } from "./management";
import { remedies } from "./registry";
import { contextsOf, linesOf, plansIn } from "./testing";

/** Remedies that no example of a check leads to, with the reason. */
const unplanned: ReadonlySet<string> = new Set([
  // Its way back needs the owner that sysfs-net reads, which the example of tap-no-process does not hold.
  "delete-tap",
]);

const contexts = checks.flatMap((check) => contextsOf(check).map((one) => ({ check: check.id, ...one })));

it("every kind of change is one that some remedy makes", () => {
  const made = new Set(remedies.flatMap((remedy) => remedy.makes));
  expect(Object.keys(kinds).filter((kind) => !made.has(kind as keyof typeof kinds))).toEqual([]);
  for (const remedy of remedies) expect(new Set(remedy.makes).size).toBe(remedy.makes.length);
});

it("the checks' remedies are those that say so, gentlest first", () => {
  expect([...remediesOf]).toEqual([...remediesByCheck(remedies)]);
  const ids = new Set(checks.map((check) => check.id));
  for (const remedy of remedies) for (const check of remedy.checks) expect(ids, remedy.id).toContain(check);
  expect(remediesOf.get("bridge-netfilter-drop")).toEqual(["bridged-allow", "bridged-off"]);
});

it("whatever the checks' examples lead to is checked data, of the kinds that the remedy says it makes", () => {
  const found = new Set<string>();
  for (const { check, example, context } of contexts)
    for (const remedy of remedies.filter((one) => one.checks.includes(check)))
      for (const plan of plansIn(remedy.plan(context))) {
        expect(linesOf(plan), `${check}: ${example}`).not.toEqual([]);
        if ("refused" in plan) continue;
        found.add(remedy.id);
        for (const { change } of plan.steps) expect(remedy.makes).toContain(change.kind);
      }
  expect(remedies.map((one) => one.id).filter((id) => !found.has(id))).toEqual([...unplanned]);
});

it("whatever they plan touches something that the graph has", () => {
  for (const { check, example, context } of contexts)
    for (const remedy of remedies.filter((one) => one.checks.includes(check)))
      for (const plan of plansIn(remedy.plan(context))) {
        if ("refused" in plan) continue;
        const assessed = assess(plan, context, managementPath(context.graph, context.facts, undefined));
        expect(assessed.touches, `${remedy.id}, ${check}: ${example}`).not.toEqual([]);
        expect(assessed.settling.ms).toBeGreaterThanOrEqual(1_000);
      }
});

describe("what a remedy says", () => {
  // Also for findings that are none of its own: most refusals are about those.
  it.each(remedies.map((remedy) => [remedy.id, remedy] as const))("%s, is said in both languages", (_, remedy) => {
    for (const { example, context } of contexts) {
      const planned = remedy.plan(context);
      const labels = "choices" in planned ? planned.choices.map(({ label }) => label) : [];
      const said = plansIn(planned).flatMap((plan) =>
        "refused" in plan ? [plan.refused] : [plan.blinks, ...plan.steps.map(({ says }) => says)],
      );
      const quoted = [JSON.stringify(context.facts), JSON.stringify(context.finding.params), "fail mode standalone"];
      for (const { en, zh } of [...said, ...labels]) {
        expect(en.trim(), example).not.toBe("");
        expect(englishIn(zh, quoted), `${example}: ${zh}`).toEqual([]);
        expect(placesIn(`${en}${zh}`), "a place that nobody filled").toEqual([]);
      }
      for (const { zh } of said) expect(zh, example).toMatch(/[\u4e00-\u9fff]/);
    }
  });
});
