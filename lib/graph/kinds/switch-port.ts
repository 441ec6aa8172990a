import { addresses, name, number, text, vlan } from "../attributes";
import { defineNodeKind } from "./define";

export const kind = defineNodeKind({
  word: { en: "switch port", zh: "交换机端口" },
  lane: "switch",
  isForeign: true,
  nameOfParts: true,
  attributes: {
    system: name("switch", { en: "Switch", zh: "交换机" }),
    chassis: name("switch", { en: "Chassis", zh: "机箱" }),
    port: text({ en: "Port", zh: "端口" }),
    description: name("label", { en: "Description", zh: "描述" }),
    addresses: addresses<readonly string[]>({ en: "Management addresses", zh: "管理地址" }),
    vlans: vlan<readonly number[]>({ en: "VLANs", zh: "VLAN" }),
    pvid: vlan({ en: "Untagged VLAN", zh: "无标签 VLAN" }),
    mfs: number({ en: "Largest frame", zh: "最大帧长" }),
    path: text({ en: "Chassis and port", zh: "机箱与端口" }),
  },
});
