import { type Plain, term } from "../attributes";
import { defineEdgeKind } from "./define";

export const kind = defineEdgeKind({
  word: { en: "bridge uplink", zh: "网桥上联" },
  joins: "nic|bond|vlan|vxlan -> bridge: enslaved, carries the bridge to the wire",
  carries: true,
  within: true,
  attributes: { state: term<Plain>({ en: "State", zh: "状态" }) },
});
