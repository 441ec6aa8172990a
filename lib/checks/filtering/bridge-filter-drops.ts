import { defineCheck } from "../define";
import { trafficFacts } from "../firewall/traffic";
import { judgeDrops } from "../firewall/verdict";

/**
 * Frames within a bridge are dropped by ebtables or by nft's bridge family: all guests' of a bridge, or one guest's. The rules are walked for a frame as the kernel does it, and
 * only a drop that is certain is told. libvirt's network filters (nwfilter) have a check of their own; so have allow-lists of MACs.
 */
export const check = defineCheck({
  id: "bridge-filter-drops",
  layer: "filtering",
  title: { en: "Bridge filter drops frames", zh: "网桥过滤规则丢弃帧" },
  message: {
    en: "{name}: frames on {bridge} are dropped by {culprit}",
    zh: "{name}：{bridge} 上的帧被 {culprit} 丢弃",
  },
  expected: { en: "{culprit} lets frames of {name} pass", zh: "{culprit} 放行 {name} 的帧" },
  repair: {
    en: "Look at {culprit} and its counter. Take it out (nft delete rule ... handle N, or ebtables -D), or insert an accept above it; then change whatever wrote it.",
    zh: "查看 {culprit} 及其计数器。删除它（nft delete rule ... handle N 或 ebtables -D），或在其上方插入放行规则；并修改写入它的程序或脚本。",
  },
  explain: {
    en: "ebtables and nft's bridge family look at frames before any IP rule does, ARP included. A drop there is invisible to ping, to iptables and to the guest: it seems that the cable is cut.",
    zh: "ebtables 和 nft 的 bridge 族在所有 IP 规则之前检查帧，包括 ARP。这里的丢弃对 ping、iptables 和虚拟机都不可见，看起来就像网线断了。",
  },
  needs: ["nft", "iptables"],
  optional: [...trafficFacts],
  subjects: ["bridge", "tap"],
  sources: [
    "https://wiki.nftables.org/wiki-nftables/index.php/Bridge_filtering",
    "https://ebtables.netfilter.org/br_fw_ia/br_fw_ia.html",
  ],
  lab: { case: "bridge-filter-drops" },
  evaluate: (subject, view) => judgeDrops(view, subject, ["frames"], "rules", () => true),
});
