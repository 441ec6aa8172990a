import { defineEdgeKind } from "./define";

export const kind = defineEdgeKind({
  word: { en: "same segment", zh: "同一网段" },
  joins: "between hosts, by the passes over the fleet",
  carries: false,
  within: false,
  attributes: {},
});
