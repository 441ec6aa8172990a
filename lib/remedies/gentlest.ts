import { type Change, type KindId, touchesOf } from "../changes/change";
import { kinds } from "../changes/kinds/registry";
import { harshness } from "../changes/touch";
import type { Remedy } from "./define";

/** How hard what a kind of change does to what it names can be, by its example. */
const hardest = (kind: KindId): number =>
  Math.max(...touchesOf(kinds[kind].example.change as Change).map(({ effect }) => harshness(effect)));

/**
 * The remedies of each check, by what remedies say. Gentlest first: by the hardest effect of the kinds of change that they make, then by
 * how many kinds they make, then by id.
 */
export function remediesByCheck(remedies: readonly Remedy[]): Map<string, readonly string[]> {
  const order = [...remedies].sort(
    (a, b) =>
      Math.max(...a.makes.map(hardest)) - Math.max(...b.makes.map(hardest)) ||
      a.makes.length - b.makes.length ||
      (a.id < b.id ? -1 : 1),
  );
  const found = new Map<string, readonly string[]>();
  for (const { id, checks } of order) for (const check of checks) found.set(check, [...(found.get(check) ?? []), id]);
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}
