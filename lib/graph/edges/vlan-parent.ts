import { defineEdgeKind } from "./define";

export const kind = defineEdgeKind({
  word: { en: "VLAN on its parent", zh: "VLAN 与父接口" },
  joins: "nic|bond|bridge -> vlan",
  carries: true,
  within: false,
  attributes: {},
});
