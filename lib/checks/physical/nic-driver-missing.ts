import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";

/** Ethernet and InfiniBand. Wi-Fi and modems without a driver are nobody's uplink. */
const wired = /^0x02(00|07)/;

/**
 * A wired network card that no driver is bound to: the kernel shows no interface for it. Virtual functions without a driver wait for guests, and a card on vfio-pci or pci-stub was
 * handed over: both are meant so.
 */
export const check = defineCheck({
  id: "nic-driver-missing",
  layer: "physical",
  title: { en: "Network card without a driver", zh: "网卡没有驱动" },
  message: {
    en: "No driver is bound to the network card {slots}: it has no interface on this host",
    zh: "网卡 {slots} 没有绑定驱动：在本机上没有接口",
  },
  expected: { en: "Each wired network card has a driver", zh: "每块有线网卡都有驱动" },
  repair: {
    en: "See what the card is and which module fits: lspci -nnk -s {first}; dmesg for a missing firmware file. Then load the module (modprobe) or bind it: echo {first} > /sys/bus/pci/drivers_probe. If it is blacklisted on purpose, take it out of the machine or leave this be.",
    zh: "查看网卡及对应模块：lspci -nnk -s {first}；用 dmesg 查看是否缺少固件。然后加载模块（modprobe）或绑定：echo {first} > /sys/bus/pci/drivers_probe。若是有意列入黑名单，则可拆除或忽略。",
  },
  explain: {
    en: "ip link only shows cards that have a driver. One that lost it (a kernel update without its module, an unbind, firmware that is missing) is simply not there, and the bond or bridge that wanted it comes up without.",
    zh: "ip link 只显示有驱动的网卡。失去驱动的网卡（内核更新后缺少模块、被解绑、缺少固件）就像不存在一样，需要它的 bond 或网桥会缺少成员。",
  },
  needs: ["pci-net"],
  subjects: ["host"],
  sources: [
    "https://docs.kernel.org/PCI/pci.html",
    "https://www.kernel.org/doc/Documentation/ABI/testing/sysfs-bus-pci",
  ],
  lab: { case: "nic-driver-missing" },
  evaluate(_host, view) {
    const cards = view.factOrAbsent("pci-net")?.filter((card) => wired.test(card.class)) ?? [];
    if (cards.length === 0) return null;
    const orphans = cards.filter((card) => card.driver === undefined && card.physfn === undefined);
    const [first] = orphans;
    if (!first) return pass;
    return {
      status: "warn",
      params: { slots: orphans.map((card) => card.slot).join(", "), first: first.slot },
      evidence: orphans.map((card) => ({
        command: commandLine(["lspci", "-nnk", "-s", card.slot]),
        excerpt: `${card.slot} [${card.class.slice(2, 6)}] [${card.vendor?.slice(2) ?? "?"}:${card.device?.slice(2) ?? "?"}] (no kernel driver in use)`,
      })) as [{ command: string; excerpt: string }],
    };
  },
});
