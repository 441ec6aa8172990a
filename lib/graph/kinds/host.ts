import { addresses, text } from "../attributes";
import { defineNodeKind } from "./define";

/** The host itself. It has no lane: it is the box around them. */
export const kind = defineNodeKind({
  word: { en: "host", zh: "主机" },
  lane: "none",
  isEnd: true,
  isSelf: true,
  attributes: {
    os: text({ en: "Operating system", zh: "操作系统" }),
    kernel: text({ en: "Kernel", zh: "内核" }),
    machine: text({ en: "Architecture", zh: "架构" }),
    vendor: text({ en: "Vendor", zh: "厂商" }),
    product: text({ en: "Product", zh: "产品" }),
    virtualisation: text({ en: "Virtualisation", zh: "虚拟化" }),
    addresses: addresses({ en: "Addresses", zh: "地址" }),
    /** Pairs of slot and interface name: see the pass `pci-functions`. */
    hadPciFunctions: text<readonly (readonly string[])[]>({ en: "Interfaces of PCI functions", zh: "PCI 功能的接口" }),
  },
});
