import { attackers } from "./define";
import type { Recorded } from "./recorded";

const begin = "<!-- made by `npm run docs` from e2e/attack/results.json -->";
const end = "<!-- end of what is made -->";

/** A cell of Markdown: nothing in it may end the cell, begin markup or act on a terminal. */
const cell = (text: string) =>
  text
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g, "?")
    .replace(/[\\|`<>*_[\]]/g, "\\$&");

/** The page with the tables of what is recorded in place of those that it holds. Throws where the page has no place for them. */
export function withAttacks(page: string, recorded: Recorded): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error("docs/security.md has no place for the attacks");
  const results = Object.values(recorded.results);
  const proofs = Object.entries(recorded.proofs);
  const commits = (of: readonly { readonly commit: string }[]) => [...new Set(of.map((one) => one.commit))].join(", ");
  const parts = [
    `${results.length} attacks, ${results.filter((one) => one.held).length} held; recorded at commit ${commits(results)}.`,
    `${proofs.length} of them were seen to succeed on a product whose defence had been taken out on purpose, which the last column names`,
    `(\`npm run attack -- --prove\`, commit ${commits(proofs.map(([, proof]) => proof))}).`,
  ];
  for (const [attacker, who] of Object.entries(attackers)) {
    parts.push("", `### ${attacker}: ${who}`, "");
    parts.push("| attack | finding | wants | held | how it ended | where it shows | succeeds where |");
    parts.push("|---|---|---|---|---|---|---|");
    for (const one of results.filter((result) => result.attacker === attacker)) {
      const proof = recorded.proofs[one.id]?.where ?? "-";
      const cells = [
        cell(one.wants),
        one.held ? "yes" : "**NO**",
        cell(one.outcome),
        cell(one.seen || "-"),
        cell(proof),
      ];
      parts.push(`| \`${one.id}\` | ${one.finding} | ${cells.join(" | ")} |`);
    }
  }
  return `${page.slice(0, from)}${begin}\n${parts.join("\n")}\n${page.slice(to)}`;
}
