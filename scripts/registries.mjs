// Writes lib/*/registry.ts from the files that lie there, so that adding a unit is adding one file; and beside them the units' words, which is all that
// a page may load of them. `--check` writes nothing and fails when a file is not what it should be.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
    folder: "lib/events",
    name: "source",
    plural: "sources",
    tail: "\nexport type SourceId = keyof typeof sources;\n",
  },
  {
    folder: "lib/guests",
    name: "source",
    plural: "sources",
  },
  { folder: "lib/graph/kinds", name: "kind", plural: "kinds" },
  { folder: "lib/graph/edges", name: "kind", plural: "kinds" },
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
  { folder: "server/collector/long-work/kinds", name: "job", plural: "jobs" },
  { folder: "lib/changes/kinds", name: "kind", plural: "kinds" },
  { folder: "server/sim/probes", name: "printer", plural: "printers" },
  {
    folder: "lib/fleet/passes",
    name: "pass",
    plural: "passes",
    list: 'import type { FleetPass } from "./define";\n',
    type: "FleetPass",
  },
  {
    folder: "lib/wire/topics",
    name: "topic",
    plural: "topics",
    tail: '\nexport type Topics = typeof topics;\nexport type TopicId = keyof Topics;\n/** The state of a topic, as a page keeps it. */\nexport type ViewOf<T extends TopicId> = ReturnType<Topics[T]["open"]>;\n',
  },
  { folder: "server/collector/topics", name: "source", plural: "sources" },
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
  { folder: "lib/wire/routes", name: "route", plural: "routes" },
  { folder: "server/collector/sources", name: "source", plural: "sources" },
  { folder: "server/web/routes", name: "handler", plural: "handlers" },
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

const checking = process.argv.includes("--check");
const header = "// Made by scripts/registries.mjs from the files of this folder: do not edit.\n";
const camel = (id) => id.replace(/[-.]+(\w)/g, (_, c) => c.toUpperCase());
let stale = 0;

/** Writes `text` where it is not there already, or says that it is not. `path` below the root. */
function put(path, text) {
  const target = join(root, path);
  let before = "";
  try {
    before = readFileSync(target, "utf8");
  } catch {
    // First run: nothing there yet.
  }
  if (before === text) return;
  stale++;
  if (checking) return console.error(`${path} is not what its folder holds: npm run registries`);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
  console.log(path);
}

/** The units of a kind with the path from which the registry imports them, and the name that they get there. */
const unitsOf = (kind) =>
  unitsIn(kind.folder, kind.name).map((path) => {
    const from = "./" + relative(join(root, kind.folder), path).slice(0, -3).replaceAll("\\", "/");
    const id = from.split("/").pop();
    return { id, from, local: camel(id) + kind.name[0].toUpperCase() + kind.name.slice(1) };
  });

for (const kind of kinds) {
  const units = unitsOf(kind);
  const imports = units.map((u) => `import { ${kind.name} as ${u.local} } from "${u.from}";\n`).join("");
  const body = kind.type
    ? `export const ${kind.plural}: readonly ${kind.type}[] = [${units.map((u) => `\n  ${u.local},`).join("")}\n];\n`
    : `export const ${kind.plural} = {${units.map((u) => `\n  "${u.id}": ${u.local},`).join("")}\n} as const;\n`;
  put(`${kind.folder}/registry.ts`, `${header}${kind.extra ?? kind.list ?? ""}${imports}\n${body}${kind.tail ?? ""}`);
}
putExamples(unitsOf(kinds.find((kind) => kind.name === "check")));
await putWords();
if (stale > 0 && checking) process.exit(1);

/** The checks' examples, by id. */
function putExamples(units) {
  const imports = units.map((u) => `import { examples as ${camel(u.id)} } from "${u.from}.examples";\n`).join("");
  const entries = units.map((u) => `\n  ["${u.id}", ${camel(u.id)}],`).join("");
  put(
    "lib/checks/examples.ts",
    `${header}import type { CheckExamples } from "./define";\n${imports}
/** For tests alone: no page and no process loads them. */
export const examplesOf: ReadonlyMap<string, CheckExamples> = new Map([${entries}\n]);\n`,
  );
}

/** The words of checks and remedies, as the units themselves say them: see lib/checks/wording.ts. */
async function putWords() {
  const { tsImport } = await import("tsx/esm/api");
  const { checks } = await tsImport("../lib/checks/registry.ts", import.meta.url);
  const { layers } = await tsImport("../lib/checks/define.ts", import.meta.url);
  const { remedies } = await tsImport("../lib/remedies/registry.ts", import.meta.url);
  const { remediesByCheck } = await tsImport("../lib/remedies/gentlest.ts", import.meta.url);
  const made = new Set();
  const list = (name, type, from, entries) => {
    made.add(name);
    const lines = entries.map((one) => `\n  ${JSON.stringify(one)},`).join("");
    const text = `${header}import type { ${type} } from "${from}";\n\nexport const words: readonly ${type}[] = [${lines}\n];\n`;
    put(`lib/checks/words/${name}`, text);
  };
  const pick = (unit, ...names) => Object.fromEntries(names.map((name) => [name, unit[name]]));
  list(
    "names.ts",
    "CheckName",
    "../wording",
    checks.map((check) => {
      const { en: _, ...message } = check.message;
      return { ...pick(check, "id", "layer", "title"), message };
    }),
  );
  for (const layer of layers)
    list(
      `mending/${layer}.ts`,
      "CheckMending",
      "../../wording",
      checks
        .filter((check) => check.layer === layer)
        .map((check) => pick(check, "id", "expected", "repair", "settings")),
    );
  const ofReference = [
    "id",
    "layer",
    "title",
    "explain",
    "expected",
    "repair",
    "needs",
    "optional",
    "settings",
    "sources",
  ];
  list(
    "reference.ts",
    "CheckReference",
    "../wording",
    checks.map((check) => pick(check, ...ofReference)),
  );
  list(
    "thresholds.ts",
    "CheckThresholds",
    "../wording",
    checks.map((check) => pick(check, "id", "settings")),
  );
  made.add("mending.ts");
  put(
    "lib/checks/words/mending.ts",
    `${header}import type { Layer } from "../define";
import type { CheckMending } from "../wording";

/** Loads the words of one layer. */
export const loadMending: Readonly<Record<Layer, () => Promise<{ readonly words: readonly CheckMending[] }>>> = {${layers
      .map((layer) => `\n  ${layer}: () => import("./mending/${layer}"),`)
      .join("")}
};\n`,
  );
  removeOthers(join(root, "lib/checks/words"), made);
  const mended = [...remediesByCheck(remedies)].map((entry) => `\n  ${JSON.stringify(entry)},`).join("");
  put(
    "lib/checks/remedies.ts",
    `${header.replace("this folder", "lib/remedies")}
/** Ids of the remedies of each check that has any, gentlest first. */
export const remediesOf: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([${mended}\n]);\n`,
  );
  const titles = remedies
    .map((remedy) => `\n  [${JSON.stringify(remedy.id)}, ${JSON.stringify(remedy.title)}],`)
    .join("");
  put(
    "lib/remedies/titles.ts",
    `${header}import type { Wording } from "../wording";

/** What a page calls each remedy, by id. */
export const remedyTitles: ReadonlyMap<string, Wording> = new Map<string, Wording>([${titles}\n]);\n`,
  );
}

/** Takes away what an earlier run has written into a folder of made files and this one has not: a layer that there is no longer. */
function removeOthers(folder, made) {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (!entry.isFile() || made.has(relative(folder, path))) continue;
    stale++;
    if (checking) console.error(`${relative(root, path)} is made from nothing: npm run registries`);
    else rmSync(path);
  }
}
