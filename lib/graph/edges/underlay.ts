import { defineEdgeKind } from "./define";

export const kind = defineEdgeKind({
  word: { en: "tunnel underlay", zh: "隧道承载" },
  joins: "nic|bond|bridge|vlan -> vxlan",
  carries: true,
  within: false,
  attributes: {},
});
