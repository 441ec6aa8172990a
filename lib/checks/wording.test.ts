import { expect, it } from "vitest";
import { remedies } from "../remedies/registry";
import { remedyTitles } from "../remedies/titles";
import { layers } from "./define";
import { checks } from "./registry";
import { loadMending } from "./words/mending";
import { words as names } from "./words/names";
import { words as reference } from "./words/reference";
import { words as thresholds } from "./words/thresholds";

const all = await Promise.all(layers.map(async (layer) => (await loadMending[layer]()).words));
const mending = new Map(all.flat().map((one) => [one.id, one]));

it("pages know every check and every remedy, and no other", () => {
  const ids = checks.map((check) => check.id);
  expect(ids.length).toBeGreaterThan(50);
  expect(names.map((one) => one.id)).toEqual(ids);
  expect(reference.map((one) => one.id)).toEqual(ids);
  expect([...mending.keys()].sort()).toEqual([...ids].sort());
  expect([...remedyTitles]).toEqual(remedies.map((remedy) => [remedy.id, remedy.title]));
});

it.each(checks.map((check) => [check.id, check] as const))(
  "what pages say of %s is what the check says",
  (id, check) => {
    const { en: _, ...message } = check.message;
    const settings = check.settings ? { settings: check.settings } : {};
    expect(names.find((one) => one.id === id)).toEqual({ id, layer: check.layer, title: check.title, message });
    expect(mending.get(id)).toEqual({ id, expected: check.expected, repair: check.repair, ...settings });
    expect(thresholds.find((one) => one.id === id)).toEqual({ id, ...settings });
    const said = reference.find((one) => one.id === id);
    expect(check).toMatchObject(said ?? {});
    expect(said?.needs).toEqual(check.needs);
  },
);
