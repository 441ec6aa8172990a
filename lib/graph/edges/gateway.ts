import { defineEdgeKind } from "./define";

export const kind = defineEdgeKind({
  word: { en: "gateway", zh: "网关" },
  joins: "gateway -> bridge|nic|bond|vlan that holds the address of that subnet",
  carries: false,
  within: false,
  faint: true,
  attributes: {},
});
