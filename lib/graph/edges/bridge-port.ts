import { type Plain, term } from "../attributes";
import { defineEdgeKind } from "./define";

export const kind = defineEdgeKind({
  word: { en: "bridge port", zh: "网桥端口" },
  joins: "bridge -> tap|veth|other-link: enslaved, leads to guests",
  carries: true,
  within: true,
  attributes: { state: term<Plain>({ en: "State", zh: "状态" }) },
});
