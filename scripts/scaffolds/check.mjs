import { readFileSync } from "node:fs";
import { join } from "node:path";
import { id, oneOf, take } from "../scaffold.mjs";

export const about = "a check, its examples, and its case in the lab (docs/adding-a-check.md)";
export const usage = "<layer> <id>";
export const samples = [["bridge", "made-up-fault"]];
export const contracts = ["lib/checks/contract.test.ts", "lib/checks/wording.test.ts", "scripts/lab-cases.test.ts"];

export function files(words, root) {
  const define = readFileSync(join(root, "lib/checks/define.ts"), "utf8");
  const layers = /export const layers = \[([^\]]*)\]/.exec(define)?.[1]?.match(/[a-z]+/g) ?? [];
  const [layerWord, idWord] = take(words, "layer", "id");
  const layer = oneOf(layerWord, layers, "layer");
  const name = id(idWord);
  return {
    [`lib/checks/${layer}/${name}.ts`]: check(layer, name),
    [`lib/checks/${layer}/${name}.examples.ts`]: examples,
    [`e2e/lab/cases/${name}.ts`]: labCase(name),
  };
}

const check = (layer, name) => `import { defineCheck, pass } from "../define";
import { linkEvidence } from "../evidence";

/** Say here what counts as the fault, and what looks like it and is none. */
export const check = defineCheck({
  id: "${name}",
  layer: "${layer}",
  title: { en: "Bridge is set down", zh: "网桥被关闭" },
  message: { en: "{link} is set down", zh: "{link} 被关闭" },
  expected: { en: "{link} is up", zh: "{link} 已启用" },
  repair: { en: "ip link set {link} up", zh: "ip link set {link} up（启用该网桥）" },
  explain: { en: "A bridge that is down forwards no frame.", zh: "关闭的网桥不转发任何帧。" },
  needs: ["ip-link"],
  subjects: ["bridge"],
  sources: ["https://man7.org/linux/man-pages/man8/ip-link.8.html"],
  lab: { case: "${name}" },
  evaluate(subject, view) {
    view.fact("ip-link");
    if (subject.attributes.up === true) return pass;
    return { status: "fail", params: { link: subject.name }, evidence: [linkEvidence(subject)] };
  },
});
`;

const examples = `import type { CheckExamples } from "../define";
import { adminDown, bondHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [{ name: "set down", expect: "fail", facts: adminDown(bondHost(), "br0"), subject: "bridge/br0" }],
  good: [{ name: "healthy", expect: "pass", facts: bondHost(), subject: "bridge/br0" }],
  unknown: [{ name: "not read", expect: "unknown", facts: unread(bondHost(), "ip-link"), subject: "host/self" }],
};
`;

// A case that has held in no recorded run is made only when it is named, so this frame breaks no run of the lab.
const labCase = (name) => `import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "${name}",
  check: "${name}",
  base: "bond",
  story: "not written yet",
  inject() {
    throw new Error("${name}: inject is not written yet");
  },
  shows: "false",
  expect: { subjects: ["bridge/br0"], impacts: [], alsoAllowed: [] },
  heal() {
    throw new Error("${name}: heal is not written yet");
  },
});
`;
