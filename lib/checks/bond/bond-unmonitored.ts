import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { isElsewhere } from "../layer2";

/** Neither MII nor ARP monitoring: the bond takes every member for up for ever. The kernel forces monitoring upon 802.3ad, tlb and alb, not upon the others. */
export const check = defineCheck({
  id: "bond-unmonitored",
  layer: "bond",
  title: { en: "Bond does not watch its links", zh: "绑定未监测链路" },
  message: {
    en: "{bond} watches neither MII (miimon 0) nor ARP: when a member dies it is not noticed, and traffic goes on into it",
    zh: "{bond} 既未启用 MII 监测（miimon 0）也未启用 ARP 监测：成员失效不会被发现，流量仍会发往它",
  },
  expected: { en: "{bond} has miimon 100 or ARP targets", zh: "{bond} 设置了 miimon 100 或 ARP 目标" },
  repair: {
    en: "Switch it on: ip link set dev {bond} type bond miimon 100; and in the boot configuration (bond-miimon 100; networkd: MIIMonitorSec=100ms).",
    zh: "启用：ip link set dev {bond} type bond miimon 100；并写入启动配置（bond-miimon 100；networkd：MIIMonitorSec=100ms）。",
  },
  explain: {
    en: "The kernel's default of miimon is 0, so a bond that was made by hand without options has no fail-over at all. The bonding documentation: it is critical that either miimon or arp_interval is set.",
    zh: "内核默认 miimon 为 0，因此未指定选项、手工创建的绑定完全没有故障切换。bonding 文档指出：必须设置 miimon 或 arp_interval 之一。",
  },
  needs: ["bond"],
  subjects: ["bond"],
  sources: ["https://docs.kernel.org/networking/bonding.html"],
  lab: { case: "bond-unmonitored" },
  evaluate(subject, view) {
    if (isElsewhere(subject)) return null;
    const bond = view.fact("bond").find((entry) => entry.ifname === subject.name);
    if (!bond || bond.members.length === 0) return null;
    const arp = bond.arp !== undefined && bond.arp.interval > 0 && bond.arp.targets.length > 0;
    if (bond.miimon > 0 || arp) return pass;
    return {
      status: "warn",
      params: { bond: bond.ifname },
      evidence: [
        {
          command: commandLine(["cat", `/proc/net/bonding/${bond.ifname}`]),
          excerpt: `Bonding Mode: ${bond.modeText}\nMII Polling Interval (ms): ${bond.miimon}`,
        },
      ],
    };
  },
});
