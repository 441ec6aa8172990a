/** What would make a run of the tests too long is taken in turns, by the day: `LAB_TURNS=all` takes all of it, `LAB_TURNS=WORD` what has the word in its name. */
export function inTurns(
  names: readonly string[],
  each: number,
  now = Date.now(),
  wanted = process.env.LAB_TURNS,
): ReadonlySet<string> {
  if (wanted === "all") return new Set(names);
  if (wanted) return new Set(names.filter((name) => name.includes(wanted)));
  const day = Math.floor(now / 86_400_000);
  const count = Math.min(each, names.length);
  return new Set(Array.from({ length: count }, (_, at) => names[(day * count + at) % names.length] ?? ""));
}
