import { type Plain, term } from "../attributes";
import { defineEdgeKind } from "./define";

export const kind = defineEdgeKind({
  word: { en: "bond member", zh: "绑定成员" },
  joins: "nic -> bond",
  carries: true,
  within: true,
  attributes: {
    state: term<Plain>({ en: "State", zh: "状态" }),
    mii: term<Plain>({ en: "Link monitor", zh: "链路监测" }),
  },
});
