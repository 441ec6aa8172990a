import { defineEdgeKind } from "./define";

export const kind = defineEdgeKind({
  word: { en: "vNIC in VM", zh: "虚拟机网卡" },
  joins: "vnic -> vm",
  carries: true,
  within: false,
  attributes: {},
});
