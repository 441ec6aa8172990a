import { id, take } from "../scaffold.mjs";

export const about =
  "a topic of the socket, and its source in the collector (npm run wire afterwards: the wire is another)";
export const usage = "<id>";
export const samples = [["made-up-topic"]];
export const contracts = ["server/collector/topics/contract.test.ts"];

export function files(words) {
  const name = id(take(words, "id")[0]);
  return { [`lib/wire/topics/${name}.ts`]: topic(name), [`server/collector/topics/${name}.ts`]: source(name) };
}

const topic = (name) => `import * as z from "zod";
import { defineTopic, putAndDrop } from "./define";

const Item = z.object({ id: z.string(), name: z.string() });
type Item = z.infer<typeof Item>;

const idOf = (item: Item) => item.id;

/** Say here what a browser sees that watches it. */
export const topic = defineTopic({
  id: "${name}",
  of: "all",
  snapshot: z.object({ items: z.array(Item) }),
  delta: z.object({ put: z.array(Item), drop: z.array(z.string()) }),
  open: ({ items }): ReadonlyMap<string, Item> => new Map(items.map((item) => [idOf(item), item])),
  apply: (before, delta) => putAndDrop(before, delta, idOf),
});
`;

const source = (name) => `import { defineSource } from "./define";

/** What the topic shows at a moment, and what it publishes of what happens (Happenings in define.ts). */
export const source = defineSource<"${name}">({
  state: ({ fleet }) => ({
    snapshot: { items: fleet.hosts().map(({ info }) => ({ id: info.id, name: info.name })) },
  }),
  on: {
    fleet: ({ put, drop }) => ({
      delta: { put: put.map(({ host }) => ({ id: host.id, name: host.name })), drop: [...drop] },
    }),
  },
});
`;
