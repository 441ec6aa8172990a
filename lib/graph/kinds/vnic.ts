import { addresses, mac, name, number, term, text } from "../attributes";
import { defineNodeKind } from "./define";

export const kind = defineNodeKind({
  word: { en: "vNIC", zh: "虚拟网卡" },
  lane: "vnic",
  isForeign: true,
  isGuestNic: true,
  folds: true,
  attributes: {
    vm: name("vm", { en: "VM", zh: "虚拟机" }),
    type: term({ en: "Type", zh: "类型" }),
    model: term({ en: "Model", zh: "型号" }),
    mac: mac({ en: "MAC", zh: "MAC" }),
    addresses: addresses({ en: "Addresses", zh: "地址" }),
    link: term<"up" | "down">({ en: "Virtual cable", zh: "虚拟线缆" }),
    mtu: number({ en: "MTU", zh: "MTU" }),
    tap: text({ en: "TAP", zh: "TAP" }),
    bridge: text({ en: "Bridge", zh: "网桥" }),
    network: name("network", { en: "Network", zh: "网络" }),
    lower: text({ en: "Lower interface", zh: "下层接口" }),
    pci: text({ en: "PCI address", zh: "PCI 地址" }),
  },
});
