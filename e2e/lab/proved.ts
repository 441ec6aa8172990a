/**
 * Which faults a run of the tests makes. `core` each time; of the others that held when they were last recorded (results/), some in turns. A case without
 * a good result is a claim, and docs/accuracy.md lists it as one.
 */
import { held, recorded } from "./results";

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

/** The part of this run: another one each day, until all have had their turn. */
export function turn(now: number): string[] {
  const others = [...recorded()]
    .filter(([id, result]) => held(result) && !core.includes(id) && !slow.has(id))
    .map(([id]) => id);
  const day = Math.floor(now / 86_400_000);
  return Array.from(
    { length: Math.min(each, others.length) },
    (_, at) => others[(day * each + at) % others.length] ?? "",
  );
}

/** Of these cause rules, which hung nothing in this run, those that did when the case was last recorded. A rule that no run has shown yet is a claim (docs/accuracy.md), and breaks no build. */
export function lost(id: string, unhung: readonly string[]): string[] {
  const result = recorded().get(id);
  const shown = new Set(result !== undefined && "row" in result ? result.row.hung.map(({ rule }) => rule) : []);
  return unhung.filter((rule) => shown.has(rule));
}
