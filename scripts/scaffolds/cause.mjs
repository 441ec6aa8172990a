import { existsSync } from "node:fs";
import { join } from "node:path";
import { checkIds, id, oneOf, take } from "../scaffold.mjs";

export const about = "a rule: one check's finding explains another's";
export const usage = "<id> <check that explains> <check that is explained>";
export const samples = [["made-up-explains", "nic-no-carrier", "bond-member-down"]];
export const contracts = ["lib/causes/contract.test.ts", "scripts/lab-cases.test.ts"];

export function files(words, root) {
  const [idWord, causeWord, effectWord] = take(words, "id", "check that explains", "check that is explained");
  const name = id(idWord);
  const known = checkIds(root);
  const cause = oneOf(causeWord, known, "check");
  const effect = oneOf(effectWord, known, "check");
  const made = [cause, effect].find((check) => existsSync(join(root, `e2e/lab/cases/${check}.ts`)));
  return { [`lib/causes/${name}.ts`]: rule(name, cause, effect, made) };
}

const rule = (name, cause, effect, made) => `import type { CauseRule } from "./define";

/** Say here why the one explains the other, and which pairs look alike and do not belong together. */
export const rule: CauseRule = {
  id: "${name}",
  cause: ["${cause}"],
  effect: ["${effect}"],
  lab: ${made ? `{ case: "${made}" }` : '{ none: "say why the lab cannot make it, and prove the rule in contract.test.ts" }'},
  links: (cause, effect) => cause.host === effect.host && cause.subject === effect.subject,
};
`;
