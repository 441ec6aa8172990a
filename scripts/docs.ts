/** `npm run docs`: writes the pages that are made from the code's own meta. `--check` writes nothing and ends with 1 where a page is not as it would be made. */
import { readFileSync, writeFileSync } from "node:fs";
import { Recorded } from "@/e2e/attack/recorded";
import { withAttacks } from "@/e2e/attack/table";
import { checks } from "@/lib/checks/registry";
import { remedies } from "@/lib/remedies/registry";
import { checksReference } from "@/lib/text/reference";
import { apiReference } from "@/lib/wire/reference";
import { routes } from "@/lib/wire/routes/registry";
import { needsOf, shortly, steps } from "./steps.mjs";

const title = (id: string) => {
  const found = remedies.find((remedy) => remedy.id === id);
  if (!found) throw new Error(`no remedy ${id}`);
  return found.title;
};
const recorded = Recorded.parse(JSON.parse(readFileSync("e2e/attack/results.json", "utf8")));
const pages = {
  "docs/checks.md": checksReference(checks, title, "en"),
  "docs/checks.zh.md": checksReference(checks, title, "zh"),
  "docs/api.md": apiReference(routes),
  "docs/tests.md": testsPage(),
  "docs/security.md": withAttacks(readFileSync("docs/security.md", "utf8"), recorded),
};
const stale: string[] = [];
for (const [path, text] of Object.entries(pages)) {
  let before = "";
  try {
    before = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  if (before === text) continue;
  stale.push(path);
  if (!process.argv.includes("--check")) writeFileSync(path, text);
}
if (process.argv.includes("--check") && stale.length > 0) {
  console.error(`${stale.join(", ")}: not as the code says; run npm run docs`);
  process.exit(1);
}
console.log(stale.length > 0 ? `written: ${stale.join(", ")}` : "as they should be");

/** The table of the steps of `npm test`. */
function testsPage(): string {
  const rows = Object.entries(steps).map(([id, { says, seconds, root, build }]) => {
    const packages = [...new Set(needsOf([id]).map(({ name }) => name))].join(" ");
    return `| \`${id}\` | ${says} | ${shortly(seconds)} | ${root ? "yes" : ""} | ${build ? "yes" : ""} | ${packages} |`;
  });
  return `# Tests

Made by \`npm run docs\` from scripts/steps.mjs. The times are of one recorded run on two cores, whose lab had to build its image first (about 15 minutes of them).

\`npm run check\` takes the steps that need no root and installs nothing. \`npm test -- STEP...\` takes some, \`npm test\` all.
Run as root, a step installs the Debian packages that it needs and that are missing; \`--no-install\` only names them.

| step | what | time | root | builds the product first | Debian packages |
|---|---|---|---|---|---|
${rows.join("\n")}

A time of a step that builds the product is without the build: about a minute, once a run.
`;
}
