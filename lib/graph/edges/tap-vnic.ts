import { defineEdgeKind } from "./define";

export const kind = defineEdgeKind({
  word: { en: "virtual cable", zh: "虚拟线缆" },
  joins: "tap|macvtap -> vnic",
  carries: true,
  within: true,
  attributes: {},
});
