import { id, take } from "../scaffold.mjs";

export const about = "a kind of edge: its words, what it joins, whether frames pass over it";
export const usage = "<id>";
export const samples = [["made-up-edge"]];
export const contracts = ["lib/graph/kinds.test.ts", "lib/names.test.ts"];

export function files(words) {
  const [idWord] = take(words, "id");
  const name = id(idWord);
  return { [`lib/graph/edges/${name}.ts`]: kind(name) };
}

const kind = (name) => `import { defineEdgeKind } from "./define";

/** Say here which pass of lib/graph/passes makes it; see docs/adding-a-kind.md. */
export const kind = defineEdgeKind({
  word: { en: "${name.replaceAll("-", " ")}", zh: "新连接" },
  joins: "nic -> bridge",
  carries: false,
  within: false,
  attributes: {},
});
`;
