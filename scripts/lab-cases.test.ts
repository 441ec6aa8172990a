/** What checks and cause rules say of the lab, held against the cases that there are. The lab itself is not started. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { baseNames } from "@/e2e/lab/bases";
import { loadCases } from "@/e2e/lab/cases";
import { core, turn } from "@/e2e/lab/proved";
import { held, recorded } from "@/e2e/lab/results";
import { basesInTurn, twoInTurn } from "@/e2e/lab/turns";
import { rules } from "@/lib/causes/registry";
import { checks } from "@/lib/checks/registry";

const cases = await loadCases();
const byId = new Map(cases.map((one) => [one.id, one]));
const has = (id: string) => existsSync(fileURLToPath(new URL(`../e2e/lab/cases/${id}.ts`, import.meta.url)));

it("each case is named as its file, and speaks of checks that exist", () => {
  const known = new Set(checks.map(({ id }) => id));
  for (const { id, check, expect: expected } of cases) {
    expect(has(id), id).toBe(true);
    for (const one of [check, ...expected.alsoAllowed]) expect(known, `${id} names ${one}`).toContain(one);
  }
});

it("the case that a check names exists and is of this check", () => {
  const said = checks.flatMap(({ id, lab }) => ("case" in lab ? [{ id, of: byId.get(lab.case)?.check }] : []));
  expect(said.filter(({ id, of }) => of !== id)).toEqual([]);
});

it("the case that a cause rule names exists and makes one of its causes, or what it explains", () => {
  const said = rules.flatMap(({ id, lab, cause, effect }) =>
    "case" in lab ? [{ id, case: lab.case, of: byId.get(lab.case)?.check, names: [...cause, ...effect] }] : [],
  );
  expect(said.filter(({ of, names }) => of === undefined || !names.includes(of))).toEqual([]);
});

it("a test run makes no fault that has held in no recorded run", () => {
  const results = recorded();
  for (let day = 0; day < 40; day++)
    for (const id of turn(day * 86_400_000, (one) => byId.get(one)?.base)) {
      const result = results.get(id);
      expect(result !== undefined && held(result), id).toBe(true);
    }
  for (const id of core) expect(byId.has(id), id).toBe(true);
});

it("each base, the second hypervisor and every fault but the slow ones have their turn within a year", () => {
  const days = Array.from({ length: 365 }, (_, day) => day * 86_400_000);
  expect(new Set(days.flatMap((day) => basesInTurn(day, "")))).toEqual(new Set(baseNames));
  expect(days.filter((day) => twoInTurn(day, "")).length).toBeGreaterThan(50);
  for (const day of days) expect(basesInTurn(day, "").length + Number(twoInTurn(day, ""))).toBe(2);
  const made = new Set(days.flatMap((day) => [...core, ...turn(day, (one) => byId.get(one)?.base)]));
  const never = [...recorded()].filter(([id, result]) => held(result) && !made.has(id)).map(([id]) => id);
  expect(never.sort()).toEqual(["host-memory-pressure", "macvtap-host-isolation"]);
});
