import { defineCheck } from "../define";
import { countTracks, grown } from "../firewall/counted";
import { isRouted, trafficFacts } from "../firewall/traffic";
import { droppedFor, judgeDrops } from "../firewall/verdict";

/**
 * What guests of a routed or NAT network send through the host is dropped by a rule or a policy - of the network as a whole, or of one guest. The rules are walked for a packet
 * of theirs as the kernel does it; only what is dropped for certain is told. A rule about some port or some peer is somebody's policy, and one that cannot be read through (verdict
 * maps, sets of addresses, limits) gives the packet the benefit of the doubt. The culprit is shown with its counter, and with what that grew by between two readings: then guests run into
 * it now. That it did not grow says nothing, for nobody may be trying; nothing is sent to find out.
 */
export const check = defineCheck({
  id: "firewall-drops-path",
  layer: "filtering",
  title: { en: "Firewall drops what guests send", zh: "防火墙丢弃虚拟机流量" },
  message: {
    en: "{name}: traffic through the host is dropped by {culprit}",
    zh: "{name}：经主机转发的流量被 {culprit} 丢弃",
  },
  expected: { en: "{culprit} lets packets of {bridge} pass", zh: "{culprit} 放行 {bridge} 的数据包" },
  repair: {
    en: "Look at {culprit} and its counter. Insert a rule above it that lets {bridge} pass, or take it out; then make the change last in whatever wrote it (nftables.conf, netfilter-persistent, a script).",
    zh: "查看 {culprit} 及其计数器。在其上方插入放行 {bridge} 的规则，或删除它；并在写入该规则的地方（nftables.conf、netfilter-persistent 或脚本）永久修改。",
  },
  explain: {
    en: "A routed or NAT network passes the host's FORWARD rules. One line there, or a policy that some other program set, and guests reach the host and nothing else. The rules are read, not tried: no packet is sent. The counter of the rule is shown, and by how much it grew between two readings.",
    zh: "路由或 NAT 网络的流量要经过主机的 FORWARD 规则。其中一条规则，或其他程序设置的默认策略，就会让虚拟机只能访问主机。这里只读取规则，不发送任何报文；会显示该规则的计数器及两次读取之间的增量。",
  },
  needs: ["nft", "iptables"],
  optional: [...trafficFacts],
  subjects: ["bridge", "tap"],
  sources: [
    "https://wiki.nftables.org/wiki-nftables/index.php/Netfilter_hooks",
    "https://libvirt.org/firewall.html",
    "https://man7.org/linux/man-pages/man8/iptables.8.html",
  ],
  lab: { case: "firewall-drops-path" },
  track: countTracks((bridge, view) => {
    const dropped = isRouted(view, bridge) ? droppedFor(view, bridge, ["routed"]) : undefined;
    return dropped?.teller === "rules" ? dropped.culprit : undefined;
  }),
  evaluate: (subject, view) =>
    judgeDrops(
      view,
      subject,
      ["routed"],
      "rules",
      (bridge) => isRouted(view, bridge),
      [],
      (culprit) => grown(view, culprit),
    ),
});
