/**
 * Which faults a run of the tests makes. `core` each time; of the others that held when they were last recorded (results/), some in turns. A case without
 * a good result is a claim, and docs/accuracy.md lists it as one.
 */
import type { BaseName } from "./bases";
import { held, recorded } from "./results";
import { basesInTurn, turnsOfBases } from "./turns";

export const core: readonly string[] = [
  "nic-no-carrier",
  "bond-member-down",
  "bond-down",
  "bridge-down",
  "tap-not-enslaved",
  "mtu-mismatch",
  "arp-incomplete",
];

/** Minutes each, whatever the machine: means that sink by and by, a guest that starts anew. Only `npm run lab:faults` makes these. */
const slow: ReadonlySet<string> = new Set(["host-memory-pressure", "macvtap-host-isolation"]);

/** How many besides the core one run takes. */
const each = 4;

/**
 * The part of this run: another one each day, until all have had their turn. `baseOf` tells on which saved state a case is made: what needs one that is
 * not there today waits for a day on which it is.
 */
export function turn(now: number, baseOf: (id: string) => BaseName | undefined): string[] {
  const bases = new Set(basesInTurn(now));
  const others = [...recorded()]
    .filter(([id, result]) => held(result) && !core.includes(id) && !slow.has(id))
    .map(([id]) => id)
    .filter((id) => bases.has(baseOf(id) ?? "bond"));
  // What only today's other base can show comes first: its day comes once in a while.
  const rare = others.filter((id) => baseOf(id) !== "bond");
  const common = others.filter((id) => baseOf(id) === "bond");
  const day = Math.floor(now / 86_400_000);
  const round = Math.floor(day / turnsOfBases);
  const ofBase = take(rare, Math.min(each - 1, rare.length), round);
  return [...ofBase, ...take(common, each - ofBase.length, day)];
}

const take = (ids: readonly string[], count: number, at: number): string[] =>
  Array.from({ length: Math.min(count, ids.length) }, (_, n) => ids[(at * count + n) % ids.length] ?? "");

/** Of these cause rules, which hung nothing in this run, those that did when the case was last recorded. A rule that no run has shown yet is a claim (docs/accuracy.md), and breaks no build. */
export function lost(id: string, unhung: readonly string[]): string[] {
  const result = recorded().get(id);
  const shown = new Set(result !== undefined && "row" in result ? result.row.hung.map(({ rule }) => rule) : []);
  return unhung.filter((rule) => shown.has(rule));
}
