import { id, take } from "../scaffold.mjs";

export const about = "a kind of node: its words, its lane, what it does with frames, and its attributes";
export const usage = "<id>";
export const samples = [["made-up-node"]];
export const contracts = ["lib/graph/kinds.test.ts", "lib/names.test.ts"];

export function files(words) {
  const [idWord] = take(words, "id");
  const name = id(idWord);
  return { [`lib/graph/kinds/${name}.ts`]: kind(name) };
}

const kind = (name) => `import { number } from "../attributes";
import { defineNodeKind } from "./define";

/** Say here what it is on the host, and which pass of lib/graph/passes makes it; see docs/adding-a-kind.md. */
export const kind = defineNodeKind({
  word: { en: "${name.replaceAll("-", " ")}", zh: "新类型" },
  lane: "nic",
  attributes: {
    mtu: number({ en: "MTU", zh: "MTU" }),
  },
});
`;
