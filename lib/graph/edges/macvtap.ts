import { defineEdgeKind } from "./define";

export const kind = defineEdgeKind({
  word: { en: "macvtap on its parent", zh: "macvtap 与父接口" },
  joins: "nic|bond|vlan|bridge -> macvtap",
  carries: true,
  within: true,
  attributes: {},
});
