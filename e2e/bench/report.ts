/** Puts what was measured into docs/bench.md, between two marks; what is to be known of it stands around them, written by people. */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, release } from "node:os";
import type { Compared } from "./against";
import { here, run } from "./checkout";
import type { Row } from "./stats";

const page = `${here}docs/bench.md`;
const [begin, end] = ["<!-- measured: npm run bench -- --write -->", "<!-- end of what was measured -->"];

export interface Beside {
  readonly commit: string;
  readonly rounds: number;
  readonly compared: readonly Compared[];
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n");
const verdict = (holds: boolean | undefined): string => (holds === undefined ? "" : holds ? "yes" : "**no**");

/** Throws where the page has lost its marks. */
export async function write(rows: readonly Row[], beside?: Beside): Promise<void> {
  const text = readFileSync(page, "utf8");
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no marks ${begin} and ${end}`);
  const commit = (await run("git", ["rev-parse", "--short", "HEAD"], here)).trim();
  const parts = [
    `${new Date().toISOString().slice(0, 10)}, commit ${commit}, ${cpus().length} cores, Node ${process.versions.node}, kernel ${release()}.`,
    table(
      ["part", "ours", "floor of the same run", "ratio", "bound", "holds"],
      rows.map((row) => [
        `(${row.id}) ${row.what}`,
        row.note ? `${row.ours} (${row.note})` : row.ours,
        row.floor,
        row.ratio,
        row.bound,
        verdict(row.holds),
      ]),
    ),
    ...(beside
      ? [
          `Beside commit ${beside.commit}, in turns, ${beside.rounds} rounds; the pair with the median ratio:`,
          table(
            ["part", "this commit", beside.commit, "ratio", "at most", "holds"],
            beside.compared.map((one) => [
              `(${one.id}) ${one.what}`,
              one.now,
              one.before,
              one.ratio.toFixed(2),
              one.bound === undefined ? "" : one.bound.toFixed(2),
              verdict(one.holds),
            ]),
          ),
        ]
      : []),
  ];
  writeFileSync(page, `${text.slice(0, from)}${begin}\n\n${parts.join("\n\n")}\n\n${text.slice(to)}`);
}
