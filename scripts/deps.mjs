// Runs the dependency rules and fails when the tool saw too few modules: with a compiler it cannot read, it passes green on none.
import { spawnSync } from "node:child_process";

/** Holds these folders against the rules of one file. True where they are kept. */
function holds(config, folders) {
  const run = spawnSync("npx", ["depcruise", "--config", config, "--output-type", "json", ...folders], {
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
  });
  let report;
  try {
    report = JSON.parse(run.stdout);
  } catch {
    console.error(run.stderr || run.stdout || "dependency-cruiser printed nothing");
    return false;
  }
  const { totalCruised, violations } = report.summary;
  // One way from each module is enough to mend it: one import of a registry reaches hundreds of units.
  const first = violations.filter(
    (v, at) => at === violations.findIndex((w) => w.from === v.from && w.rule.name === v.rule.name),
  );
  for (const v of first) {
    const way = (v.via ?? []).map((step) => step.name ?? step).filter((step) => step !== v.to);
    console.error(`${v.rule.severity} ${v.rule.name}: ${[v.from, ...way, v.to].join(" -> ")}`);
  }
  const ours = report.modules.filter((m) => /^(app|components|server|lib|e2e)\/.*\.tsx?$/.test(m.source)).length;
  console.log(`${config}: ${ours} modules of ours (${totalCruised} in all), ${violations.length} violations`);
  if (ours < 30) console.error("fewer than 30 modules were seen: the tool read nothing, this is not a pass");
  return ours >= 30 && !violations.some((v) => v.rule.severity === "error");
}

const kept = [
  holds(".dependency-cruiser.cjs", ["app", "components", "server", "lib", "e2e"]),
  holds(".dependency-cruiser.pages.cjs", ["app", "components", "lib"]),
];
process.exit(kept.every(Boolean) ? 0 : 1);
