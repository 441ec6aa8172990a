/** `npm run docs`: writes the pages that are made from the code's own meta. `--check` writes nothing and ends with 1 where a page is not as it would be made. */
import { readFileSync, writeFileSync } from "node:fs";
import { Recorded } from "@/e2e/attack/recorded";
import { withAttacks } from "@/e2e/attack/table";
import { checks } from "@/lib/checks/registry";
import { remedies } from "@/lib/remedies/registry";
import { checksReference } from "@/lib/text/reference";

const title = (id: string) => {
  const found = remedies.find((remedy) => remedy.id === id);
  if (!found) throw new Error(`no remedy ${id}`);
  return found.title;
};
const recorded = Recorded.parse(JSON.parse(readFileSync("e2e/attack/results.json", "utf8")));
const pages = {
  "docs/checks.md": checksReference(checks, title, "en"),
  "docs/checks.zh.md": checksReference(checks, title, "zh"),
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
  console.error(`${stale.join(", ")}: not as the checks say; run npm run docs`);
  process.exit(1);
}
console.log(stale.length > 0 ? `written: ${stale.join(", ")}` : "as they should be");
