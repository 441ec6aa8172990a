import { defineCheck } from "../define";
import { trafficFacts } from "../firewall/traffic";
import { frontendEvidence, judgeDrops } from "../firewall/verdict";

/**
 * ufw or firewalld refuses what guests send: their policy for routed packets, or the zone that the bridge fell into. What counts is the rules that they wrote; their own status is
 * shown beside, for it is there that it has to be changed. Without a rule that drops for certain nothing is said: a front end that is merely active is none.
 */
export const check = defineCheck({
  id: "firewall-frontend",
  layer: "filtering",
  title: { en: "ufw or firewalld refuses the bridge", zh: "ufw 或 firewalld 拒绝网桥流量" },
  message: {
    en: "{name}: traffic is refused by the host's firewall front end ({culprit})",
    zh: "{name}：流量被主机防火墙前端拒绝（{culprit}）",
  },
  expected: {
    en: "Zone or policy of {bridge} lets guests' traffic pass",
    zh: "{bridge} 所在的区域或策略放行虚拟机流量",
  },
  repair: {
    en: "With ufw: ufw route allow in on {bridge}; ufw route allow out on {bridge}. With firewalld: firewall-cmd --zone=trusted --change-interface={bridge}, and once more with --permanent. Do not edit {culprit} by hand: the front end writes it anew.",
    zh: "使用 ufw：ufw route allow in on {bridge}; ufw route allow out on {bridge}。使用 firewalld：firewall-cmd --zone=trusted --change-interface={bridge}，并加 --permanent 再执行一次。不要手工修改 {culprit}：前端会重新写入。",
  },
  explain: {
    en: "A front end thinks of a server with services, not of a hypervisor: what is forwarded for guests is refused unless somebody says otherwise. It comes back with each reload.",
    zh: "防火墙前端面向提供服务的服务器，而不是虚拟化主机：除非明确允许，否则会拒绝为虚拟机转发的流量，且每次重新加载都会恢复。",
  },
  needs: ["nft", "iptables"],
  optional: [...trafficFacts],
  subjects: ["bridge", "tap"],
  sources: [
    "https://manpages.ubuntu.com/manpages/jammy/en/man8/ufw.8.html",
    "https://firewalld.org/documentation/zone/options.html",
    "https://libvirt.org/firewall.html",
  ],
  lab: { case: "firewall-frontend" },
  evaluate: (subject, view) =>
    judgeDrops(view, subject, ["routed", "bridged", "frames"], "frontend", () => true, frontendEvidence(view)),
});
