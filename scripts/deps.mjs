// Runs the dependency rules and fails when the tool saw too few modules: with a compiler it cannot read, it passes green on none.
import { spawnSync } from "node:child_process";

const run = spawnSync(
  "npx",
  [
    "depcruise",
    "--config",
    ".dependency-cruiser.cjs",
    "--output-type",
    "json",
    "app",
    "components",
    "server",
    "lib",
    "e2e",
  ],
  {
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
  },
);
let report;
try {
  report = JSON.parse(run.stdout);
} catch {
  console.error(run.stderr || run.stdout || "dependency-cruiser printed nothing");
  process.exit(1);
}
const { totalCruised, violations } = report.summary;
for (const v of violations) console.error(`${v.rule.severity} ${v.rule.name}: ${v.from} -> ${v.to}`);
const ours = report.modules.filter((m) => /^(app|components|server|lib|e2e)\/.*\.tsx?$/.test(m.source)).length;
console.log(`dependency rules: ${ours} modules of ours (${totalCruised} in all), ${violations.length} violations`);
if (ours < 30) {
  console.error("fewer than 30 modules were seen: the tool read nothing, this is not a pass");
  process.exit(1);
}
process.exit(violations.some((v) => v.rule.severity === "error") ? 1 : 0);
