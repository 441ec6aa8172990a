// Writes the frame of a new check, of its examples and of its lab case: npm run new:check -- <layer> <id>
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const words = process.argv.slice(2);
const [layer = "", id = ""] = words;
const define = readFileSync(join(root, "lib/checks/define.ts"), "utf8");
const layers = /export const layers = \[([^\]]*)\]/.exec(define)?.[1]?.match(/[a-z]+/g) ?? [];

const usage = `usage: npm run new:check -- <${layers.join("|")}> <id>`;

function refuse(why) {
  console.error(`${why}\n${usage}`);
  process.exit(1);
}
if (words.includes("--help") || words.includes("-h")) {
  console.log(`${usage}

Writes three frames to be filled in, and overwrites nothing:
  lib/checks/<layer>/<id>.ts            the check: wording in both languages, sources, evaluate
  lib/checks/<layer>/<id>.examples.ts   its examples: hosts on which it fails, passes and cannot know
  e2e/lab/cases/<id>.ts                 its lab case: how the fault is made for real and healed (npm run lab:faults -- <id>)
A case that has held in no recorded run (npm run lab:faults -- --record <id>) is made by nobody but who names it: no test runs it.
Then: npm run registries, npm run docs, npx vitest run --project unit lib/checks scripts. See docs/adding-a-check.md.`);
  process.exit(0);
}
if (words.length !== 2) refuse(`a layer and an id, not ${words.length} words`);
if (!layers.includes(layer)) refuse(`no layer ${JSON.stringify(layer)}`);
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id))
  refuse(`an id is lower case words with dashes, not ${JSON.stringify(id)}`);
const path = join(root, "lib/checks", layer, `${id}.ts`);
const examplesPath = join(root, "lib/checks", layer, `${id}.examples.ts`);
const casePath = join(root, "e2e/lab/cases", `${id}.ts`);
for (const one of [path, examplesPath, casePath]) if (existsSync(one)) refuse(`${one} is there already`);

function write(to, text) {
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, text);
}

write(
  path,
  `import { defineCheck, pass } from "../define";
import { linkEvidence } from "../evidence";

/** What counts as the fault, and what looks like it and is none. */
export const check = defineCheck({
  id: "${id}",
  layer: "${layer}",
  title: { en: "", zh: "" },
  message: { en: "{link} ", zh: "{link} " },
  expected: { en: "{link} ", zh: "{link} " },
  repair: { en: "", zh: "" },
  explain: { en: "", zh: "" },
  needs: ["ip-link"],
  subjects: ["bridge"],
  sources: ["https://"],
  lab: { case: "${id}" },
  evaluate(subject, view) {
    view.fact("ip-link");
    if (subject.attributes.up === true) return pass;
    return { status: "fail", params: { link: subject.name }, evidence: [linkEvidence(subject)] };
  },
});
`,
);
write(
  examplesPath,
  `import type { CheckExamples } from "../define";
import { adminDown, bondHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [{ name: "", expect: "fail", facts: adminDown(bondHost(), "br0"), subject: "bridge/br0" }],
  good: [{ name: "healthy", expect: "pass", facts: bondHost(), subject: "bridge/br0" }],
  unknown: [{ name: "not read", expect: "unknown", facts: unread(bondHost(), "ip-link"), subject: "host/self" }],
};
`,
);
write(
  casePath,
  `import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "${id}",
  check: "${id}",
  base: "bond",
  story: "not written yet",
  inject() {
    throw new Error("${id}: inject is not written yet");
  },
  shows: "false",
  expect: { subjects: ["bridge/br0"], impacts: [], alsoAllowed: [] },
  heal() {
    throw new Error("${id}: heal is not written yet");
  },
});
`,
);
console.log(
  `lib/checks/${layer}/${id}.ts\nlib/checks/${layer}/${id}.examples.ts\ne2e/lab/cases/${id}.ts\nNow: fill them in, npm run registries, npm run docs, npx vitest run --project unit lib/checks scripts. See docs/adding-a-check.md.`,
);
