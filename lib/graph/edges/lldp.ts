import { defineEdgeKind } from "./define";

export const kind = defineEdgeKind({
  word: { en: "cable (LLDP)", zh: "线缆 (LLDP)" },
  joins: "switch-port -> nic",
  carries: false,
  within: false,
  attributes: {},
});
