// Writes lib/*/registry.ts from the files that lie there, so that adding a unit is adding one file.
// `--check` writes nothing and fails when a registry is not what it should be.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const machinery = new Set(["define", "registry", "finding", "prelude", "items", "testing", "read", "index", "sudoers"]);

/** @typedef {{folder: string, name: string, plural: string, type?: string, idType?: string, skip?: string[], extra?: string}} Kind */
const kinds = [
  {
    folder: "lib/probes",
    name: "probe",
    plural: "probes",
    extra: 'import type { z } from "zod";\n',
    tail: '\nexport type Probes = typeof probes;\nexport type ProbeId = keyof Probes;\n/** What the parser of a probe returns. */\nexport type FactOf<P extends ProbeId> = z.output<Probes[P]["fact"]>;\n',
  },
  {
    folder: "lib/graph/passes",
    name: "pass",
    plural: "passes",
    list: 'import type { Pass } from "../pass";\n',
    type: "Pass",
  },
  {
    folder: "lib/checks",
    name: "check",
    plural: "checks",
    list: 'import type { Check } from "./define";\n',
    type: "Check",
  },
  {
    folder: "lib/causes",
    name: "rule",
    plural: "rules",
    list: 'import type { CauseRule } from "./define";\n',
    type: "CauseRule",
  },
  { folder: "lib/changes/kinds", name: "kind", plural: "kinds" },
  {
    folder: "lib/persist",
    name: "manager",
    plural: "managers",
  },
  {
    folder: "lib/remedies",
    name: "remedy",
    plural: "remedies",
    list: 'import type { Remedy } from "./define";\n',
    type: "Remedy",
  },
];

function unitsIn(folder, name) {
  const found = [];
  const walk = (dir) => {
    let entries;
    try {
      entries = readdirSync(dir, { withFileTypes: true });
    } catch {
      return;
    }
    for (const entry of entries) {
      const path = join(dir, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (
        entry.name.endsWith(".ts") &&
        !entry.name.endsWith(".test.ts") &&
        !machinery.has(entry.name.slice(0, -3))
      ) {
        if (new RegExp(`^export const ${name}\\b`, "m").test(readFileSync(path, "utf8"))) found.push(path);
      }
    }
  };
  walk(join(root, folder));
  return found.sort();
}

const camel = (id) => id.replace(/[-.]+(\w)/g, (_, c) => c.toUpperCase());
let stale = 0;
for (const kind of kinds) {
  const units = unitsIn(kind.folder, kind.name).map((path) => {
    const from = "./" + relative(join(root, kind.folder), path).slice(0, -3).replaceAll("\\", "/");
    const id = from.split("/").pop();
    return { id, from, local: camel(id) + kind.name[0].toUpperCase() + kind.name.slice(1) };
  });
  const imports = units.map((u) => `import { ${kind.name} as ${u.local} } from "${u.from}";\n`).join("");
  const body = kind.type
    ? `export const ${kind.plural}: readonly ${kind.type}[] = [${units.map((u) => `\n  ${u.local},`).join("")}\n];\n`
    : `export const ${kind.plural} = {${units.map((u) => `\n  "${u.id}": ${u.local},`).join("")}\n} as const;\n`;
  const text = `// Made by scripts/registries.mjs from the files of this folder: do not edit.\n${kind.extra ?? kind.list ?? ""}${imports}\n${body}${kind.tail ?? ""}`;
  const target = join(root, kind.folder, "registry.ts");
  let before = "";
  try {
    before = readFileSync(target, "utf8");
  } catch {
    // First run: nothing there yet.
  }
  if (before === text) continue;
  stale++;
  if (process.argv.includes("--check"))
    console.error(`${relative(root, target)} is not what its folder holds: npm run registries`);
  else {
    writeFileSync(target, text);
    console.log(`${relative(root, target)}: ${units.length}`);
  }
}
if (stale && process.argv.includes("--check")) process.exit(1);
