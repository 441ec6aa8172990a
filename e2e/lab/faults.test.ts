/** Faults made for real, one after the other, and what the product says of each. `npm run lab:faults` runs any of them and prints a table. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadCases } from "./cases";
import { diagnose } from "./diagnosis";
import { Lab } from "./lab";
import { core, lost, turn } from "./proved";

const cases = await loadCases();
const byId = new Map(cases.map((labCase) => [labCase.id, labCase]));
const chosen = [...core, ...turn(Date.now(), (id) => byId.get(id)?.base)].map((id) => {
  const found = byId.get(id);
  if (!found) throw new Error(`proved.ts names ${id}, which has no case`);
  return found;
});
let lab: Lab;

beforeAll(async () => {
  lab = await Lab.ensure();
});
afterAll(() => lab?.stop());

it.each(chosen.map((labCase) => [labCase.id, labCase] as const))(
  "%s",
  async (_, labCase) => {
    const { seconds, via, impacts, subject, hung, beside, explained, left, ...diagnosis } = await diagnose(
      lab,
      labCase,
    );
    expect(
      { ...diagnosis, unhung: lost(labCase.id, diagnosis.unhung) },
      `${subject}, impacts ${impacts.join(", ") || "nobody"}, seen by ${via} after ${seconds.toFixed(1)} s, ${hung.length} hang, ${explained} explained, beside it ${beside.join(", ") || "nothing"}, left ${left.join(", ") || "nothing"}`,
    ).toEqual({
      id: labCase.id,
      check: labCase.check,
      found: true,
      subjectRight: true,
      impactsRight: true,
      cleared: true,
      otherReds: [],
      falseAlarms: [],
      unhung: [],
    });
  },
  400_000,
);
