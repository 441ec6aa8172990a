/** The part of docs/accuracy.md on causes: which rules of lib/causes a run has seen to hang one finding under another, and which none has. */
import type { CauseRule } from "@/lib/causes/define";
import { rules } from "@/lib/causes/registry";
import { held, type Result } from "./results";

type Results = ReadonlyMap<string, Result>;

/** Its own case held, and the rule hung something in it. */
function proved(rule: CauseRule, results: Results): boolean {
  const result = "case" in rule.lab ? results.get(rule.lab.case) : undefined;
  return result !== undefined && held(result) && seenIn(rule, result).length > 0;
}

/** "effect under cause", by check. */
function seenIn(rule: CauseRule, result: Result): string[] {
  if (!("row" in result)) return [];
  const check = (key: string) => `\`${key.slice(0, key.indexOf("@"))}\``;
  return result.row.hung
    .filter((one) => one.rule === rule.id)
    .map(({ effect, under }) => `${check(effect)} under ${check(under)}`);
}

/** How many rules a case proves, of those that have one. */
export function provedRules(results: Results): { readonly proved: number; readonly made: number } {
  const made = rules.filter(({ lab }) => "case" in lab);
  return { proved: made.filter((rule) => proved(rule, results)).length, made: made.length };
}

export function causesPart(results: Results): string {
  const lines = rules.map((rule) => {
    const { lab } = rule;
    if ("none" in lab) return `| \`${rule.id}\` | - | not made here: ${lab.none} (unit test) | - | |`;
    const own = results.get(lab.case);
    const seen = new Set([...results.values()].flatMap((result) => seenIn(rule, result)));
    const others = [...results].filter(([id, result]) => id !== lab.case && seenIn(rule, result).length > 0);
    const state = proved(rule, results)
      ? "yes"
      : own === undefined
        ? "**not run yet**"
        : !held(own)
          ? "**no**: the case did not hold"
          : "**no**: not run since rules are recorded";
    return `| \`${rule.id}\` | \`${lab.case}\` | ${state} | ${[...seen].sort().join("<br>") || "-"} | ${others.map(([id]) => `\`${id}\``).join(", ")} |`;
  });
  return [
    "| rule | its case | seen to work there | what hung under what, in all runs | also seen in |",
    "|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}
