import { flag, term, text, vlan } from "../attributes";
import { playsNic } from "../interface-attributes";
import { defineNodeKind } from "./define";

export const kind = defineNodeKind({
  word: { en: "OVS port", zh: "OVS 端口" },
  lane: "port",
  folds: true,
  attributes: {
    bridge: text({ en: "Bridge", zh: "网桥" }),
    tag: vlan({ en: "VLAN tag", zh: "VLAN 标签" }),
    trunks: vlan<readonly number[]>({ en: "Trunk VLANs", zh: "中继 VLAN" }),
    vlanMode: term({ en: "VLAN mode", zh: "VLAN 模式" }),
    bondMode: term({ en: "Bond mode", zh: "绑定模式" }),
    lacp: term({ en: "LACP", zh: "LACP" }),
    type: term({ en: "Type", zh: "类型" }),
    error: text({ en: "Error", zh: "错误" }),
    playsNic,
    carrier: flag({ en: "Carrier", zh: "载波" }),
  },
});
