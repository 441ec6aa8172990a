import { flag, hundredths, type Plain } from "../attributes";
import { hadUplink, interfaceAttributes } from "../interface-attributes";
import { defineNodeKind } from "./define";

export const kind = defineNodeKind({
  word: { en: "bridge", zh: "网桥" },
  lane: "bridge",
  links: { infoKind: "bridge" },
  holdsAddresses: true,
  forwards: true,
  isTrunk: true,
  attributes: {
    ...interfaceAttributes,
    // 2: a daemon in user space runs the tree.
    stp: {
      ...flag<Plain>({ en: "STP", zh: "STP" }),
      says: { 2: { en: "yes, in user space", zh: "是，由用户态守护进程运行" } },
    },
    forwardDelay: hundredths({ en: "Forward delay", zh: "转发延迟" }),
    vlanFiltering: flag<Plain>({ en: "VLAN filtering", zh: "VLAN 过滤" }),
    ageing: hundredths({ en: "Ageing time", zh: "老化时间" }),
    hadUplink,
  },
});
