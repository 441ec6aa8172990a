/**
 * What would make a run of the tests too long is taken in turns, by the day: `LAB_TURNS=all` takes all of it, `LAB_TURNS=WORD` what has the word in its name.
 */
import { type BaseName, baseNames } from "./bases";

const dayOf = (now: number) => Math.floor(now / 86_400_000);

export function inTurns(
  names: readonly string[],
  each: number,
  now = Date.now(),
  wanted = process.env.LAB_TURNS,
): ReadonlySet<string> {
  if (wanted === "all") return new Set(names);
  if (wanted) return new Set(names.filter((name) => name.includes(wanted)));
  const day = dayOf(now);
  const count = Math.min(each, names.length);
  return new Set(Array.from({ length: count }, (_, at) => names[(day * count + at) % names.length] ?? ""));
}

/** Takes its turn among the bases: the second hypervisor, which is made, booted and saved as a base is. */
const second = "two hypervisors";
/** What is built on `bond` takes the turns: `bond` itself is there in each run. */
const turns: readonly string[] = [...baseNames.filter((name) => name !== "bond"), second];

/** After that many days each base has had its turn. */
export const turnsOfBases = turns.length;

/**
 * The saved states that a run of the tests works on: `bond`, and one of the others or the second hypervisor. A fresh machine makes each in three to six
 * minutes, all of them in half an hour, which is more than the rest of the tests take together. Any LAB_TURNS takes them all.
 */
export function basesInTurn(now = Date.now(), wanted = process.env.LAB_TURNS): readonly BaseName[] {
  const today = turns[dayOf(now) % turns.length];
  return baseNames.filter((name) => wanted || name === "bond" || name === today);
}

/** Whether this run makes the proofs of two hypervisors. */
export const twoInTurn = (now = Date.now(), wanted = process.env.LAB_TURNS): boolean =>
  Boolean(wanted) || turns[dayOf(now) % turns.length] === second;
