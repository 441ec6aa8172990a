import { defineEdgeKind } from "./define";

export const kind = defineEdgeKind({
  word: { en: "veth pair", zh: "veth 对" },
  joins: "veth -> veth",
  carries: true,
  within: true,
  attributes: {},
});
