import { checkIds, id, oneOf, take } from "../scaffold.mjs";

export const about = "a guarded change that mends what a check finds (docs/adding-a-remedy.md)";
export const usage = "<id> <check>";
export const samples = [["made-up-remedy", "bridge-down"]];
export const contracts = ["lib/remedies/makes.test.ts", "lib/checks/wording.test.ts"];

export function files(words, root) {
  const [idWord, checkWord] = take(words, "id", "check");
  const name = id(idWord);
  const check = oneOf(checkWord, checkIds(root), "check");
  return { [`lib/remedies/${name}.ts`]: remedy(name, check) };
}

const remedy = (name, check) => `import type { Remedy } from "./define";
import { oneStep, ownNode } from "./subject";

/** Say here what it changes, and when it refuses. */
export const remedy: Remedy = {
  id: "${name}",
  title: { en: "Set it up", zh: "启用" },
  checks: ["${check}"],
  makes: ["up"],
  sources: ["https://man7.org/linux/man-pages/man8/ip-link.8.html"],
  plan(context) {
    const node = ownNode(context);
    if ("refused" in node) return node;
    return oneStep({
      says: { en: \`Set \${node.name} up\`, zh: \`启用 \${node.name}\` },
      change: { kind: "up", device: node.name, to: "up", was: "down" },
    });
  },
};
`;
