import { defineCheck } from "../define";
import { trafficFacts } from "../firewall/traffic";
import { judgeDrops } from "../firewall/verdict";

/**
 * Whoever is not on a list of MACs is dropped, and this guest is not on it: new, or with a new MAC. Found by walking the rules three times: for the guest's MAC (dropped), for a MAC
 * that nobody has (dropped) and for any MAC (not for certain).
 */
export const check = defineCheck({
  id: "mac-allowlist",
  layer: "filtering",
  title: { en: "Guest is not on the list of allowed MACs", zh: "虚拟机不在允许的 MAC 列表中" },
  message: {
    en: "{name}: its MAC {mac} is not on the list of allowed ones ({culprit}, set {set})",
    zh: "{name}：其 MAC {mac} 不在允许列表中（{culprit}，集合 {set}）",
  },
  expected: { en: "{mac} is among the allowed MACs of {culprit}", zh: "{mac} 在 {culprit} 允许的 MAC 之中" },
  repair: {
    en: "If the guest may be here, add its MAC: nft add element {family} {table} {set} {mac} (in braces), or a rule that accepts {mac} above {culprit}; then add it to whatever writes the list.",
    zh: "如果该虚拟机应被允许，添加其 MAC：nft add element {family} {table} {set} {mac}（需加花括号），或在 {culprit} 上方添加接受 {mac} 的规则；并同步修改生成该列表的来源。",
  },
  explain: {
    en: "A list of allowed MACs is a common guard on shared hypervisors. A guest that was cloned, got a new NIC or moved here is not on it, and nobody tells: its frames simply end.",
    zh: "在共享的虚拟化主机上，MAC 允许列表是常见的防护手段。克隆、更换网卡或迁移来的虚拟机不在列表上，且不会有任何提示：帧被直接丢弃。",
  },
  needs: ["nft", "iptables"],
  optional: [...trafficFacts],
  subjects: ["tap"],
  sources: [
    "https://wiki.nftables.org/wiki-nftables/index.php/Sets",
    "https://man7.org/linux/man-pages/man8/iptables-extensions.8.html",
  ],
  lab: { case: "mac-allowlist" },
  evaluate: (subject, view) => judgeDrops(view, subject, ["frames", "bridged", "routed"], "mac-allowlist", () => true),
});
