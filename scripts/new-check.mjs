// Writes the frame of a new check: npm run new:check -- <layer> <id>
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [layer = "", id = ""] = process.argv.slice(2);
const define = readFileSync(join(root, "lib/checks/define.ts"), "utf8");
const layers = /export const layers = \[([^\]]*)\]/.exec(define)?.[1]?.match(/[a-z]+/g) ?? [];

function refuse(why) {
  console.error(`${why}\nusage: npm run new:check -- <${layers.join("|")}> <id>`);
  process.exit(1);
}
if (!layers.includes(layer)) refuse(`no layer ${JSON.stringify(layer)}`);
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id))
  refuse(`an id is lower case words with dashes, not ${JSON.stringify(id)}`);
const path = join(root, "lib/checks", layer, `${id}.ts`);
if (existsSync(path)) refuse(`${path} is there already`);

mkdirSync(dirname(path), { recursive: true });
writeFileSync(
  path,
  `import { defineCheck, pass } from "../define";
import { linkEvidence } from "../evidence";
import { adminDown, bondHost, unread } from "../testing";

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
  reach: "self",
  sources: ["https://"],
  lab: { case: "${id}" },
  evaluate(subject, view) {
    view.fact("ip-link");
    if (subject.attributes.up === true) return pass;
    return { status: "fail", params: { link: subject.name }, evidence: [linkEvidence(subject)] };
  },
  examples: {
    bad: [{ name: "", expect: "fail", facts: adminDown(bondHost(), "br0"), subject: "bridge/br0" }],
    good: [{ name: "healthy", expect: "pass", facts: bondHost(), subject: "bridge/br0" }],
    unknown: [{ name: "not read", expect: "unknown", facts: unread(bondHost(), "ip-link"), subject: "host/self" }],
  },
});
`,
);
console.log(
  `lib/checks/${layer}/${id}.ts\nNow: fill it in, npm run registries, npx vitest run --project unit lib/checks. See docs/adding-a-check.md.`,
);
