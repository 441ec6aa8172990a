import { number, type Plain, term, text } from "../attributes";
import { interfaceAttributes } from "../interface-attributes";
import { defineNodeKind } from "./define";

export const kind = defineNodeKind({
  word: { en: "bond", zh: "绑定" },
  lane: "bond",
  links: { infoKind: "bond" },
  holdsAddresses: true,
  isTrunk: true,
  attributes: {
    ...interfaceAttributes,
    mode: term<Plain>({ en: "Mode", zh: "模式" }),
    activeMember: text<Plain>({ en: "Active member", zh: "活动成员" }),
    miimon: number<Plain>({ en: "Link monitoring interval", zh: "链路监测间隔" }, "ms"),
    primary: text<Plain>({ en: "Primary member", zh: "首选成员" }),
    hadMembers: text<readonly string[]>({ en: "Members so far", zh: "曾有成员" }),
  },
});
