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

/** How many besides the core one run takes. */
const each = 4;

/** The part of this run: another one each day, until all have had their turn. */
export function turn(now: number): string[] {
  const others = [...recorded()].filter(([id, result]) => held(result) && !core.includes(id)).map(([id]) => id);
  const day = Math.floor(now / 86_400_000);
  return Array.from(
    { length: Math.min(each, others.length) },
    (_, at) => others[(day * each + at) % others.length] ?? "",
  );
}
