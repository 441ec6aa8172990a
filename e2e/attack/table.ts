import { attackers } from "./define";
import type { Recorded } from "./recorded";

const begin = "<!-- made by `npm run docs` from e2e/attack/results.json -->";
const end = "<!-- end of what is made -->";

/** A cell of Markdown: nothing in it may end the cell, begin markup or act on a terminal. */
const cell = (text: string) =>
  text
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g, "?")
    .replace(/[\\|`<>*_[\]]/g, "\\$&");

/** The page with the tables of a recorded run in place of those that it holds. Throws where the page has no place for them. */
export function withAttacks(page: string, { commit, at, node, results }: Recorded): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error("docs/security.md has no place for the attacks");
  const held = results.filter((one) => one.held).length;
  const proved = results.filter((one) => one.proved !== null).length;
  const parts = [
    `Recorded at commit ${commit}, ${at}, Node ${node}: ${results.length} attacks, ${held} held. ${proved} of them were seen to succeed on a product whose defence`,
    "had been taken out on purpose; the last column names it.",
  ];
  for (const [attacker, who] of Object.entries(attackers)) {
    const own = results.filter((one) => one.attacker === attacker);
    parts.push("", `### ${attacker}: ${who}`, "");
    parts.push("| attack | finding | wants | held | how it ended | where it shows | succeeds where |", "|---|---|---|---|---|---|---|");
    for (const one of own)
      parts.push(
        `| ${[`\`${one.id}\``, one.finding, cell(one.wants), one.held ? "yes" : "**NO**", cell(one.outcome), cell(one.seen || "-"), cell(one.proved ?? "-")].join(" | ")} |`,
      );
  }
  return `${page.slice(0, from)}${begin}\n${parts.join("\n")}\n${page.slice(to)}`;
}
