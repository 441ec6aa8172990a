import { defineCheck } from "../define";
import { callsIptables, isRouted, trafficFacts } from "../firewall/traffic";
import { judgeDrops } from "../firewall/verdict";

/**
 * br_netfilter hands bridged IPv4 frames to iptables, and FORWARD drops them: most often Docker's policy, which was meant for routed packets. The rules are walked for a bridged
 * packet; only a certain drop is told.
 */
export const check = defineCheck({
  id: "bridge-netfilter-drop",
  layer: "bridge",
  title: { en: "iptables drops bridged frames", zh: "iptables 丢弃桥接帧" },
  message: {
    en: "{name}: frames bridged by {bridge} pass iptables and are dropped by {culprit}",
    zh: "{name}：{bridge} 桥接的帧经过 iptables，被 {culprit} 丢弃",
  },
  expected: {
    en: "net.bridge.bridge-nf-call-iptables is 0, or FORWARD lets frames bridged by {bridge} pass {culprit}",
    zh: "net.bridge.bridge-nf-call-iptables 为 0，或 FORWARD 在 {culprit} 之前放行 {bridge} 桥接的帧",
  },
  repair: {
    en: "Either let bridged frames out of iptables: sysctl -w net.bridge.bridge-nf-call-iptables=0 (Kubernetes and some Docker set-ups need it at 1). Or let them pass: iptables -I FORWARD -i {bridge} -o {bridge} -j ACCEPT. Then write it down in /etc/sysctl.d, or in DOCKER-USER.",
    zh: "要么让桥接帧不经过 iptables：sysctl -w net.bridge.bridge-nf-call-iptables=0（Kubernetes 和部分 Docker 环境需要为 1）；要么放行：iptables -I FORWARD -i {bridge} -o {bridge} -j ACCEPT。然后写入 /etc/sysctl.d 或 DOCKER-USER。",
  },
  explain: {
    en: "ARP is not handed over, so neighbours are known and the cables look well - yet no IP packet passes. It comes with the installation of Docker or Kubernetes: they load br_netfilter and set FORWARD to DROP.",
    zh: "ARP 不会交给 iptables，因此邻居可见、链路看似正常，但 IP 包一个也过不去。常见于安装 Docker 或 Kubernetes 之后：它们加载 br_netfilter 并把 FORWARD 设为 DROP。",
  },
  needs: ["nft", "iptables"],
  optional: [...trafficFacts],
  subjects: ["bridge", "tap"],
  sources: [
    "https://docs.kernel.org/networking/bridge.html#netfilter",
    "https://wiki.libvirt.org/Net.bridge.bridge-nf-call_and_sysctl.conf.html",
    "https://docs.docker.com/engine/network/packet-filtering-firewalls/",
  ],
  lab: { case: "bridge-netfilter-drop" },
  evaluate(subject, view) {
    return judgeDrops(
      view,
      subject,
      ["bridged"],
      "rules",
      // What leaves a NAT network is routed, and told by firewall-drops-path.
      (bridge) => callsIptables(view, bridge) && !isRouted(view, bridge),
      [
        {
          command: "sysctl net.bridge.bridge-nf-call-iptables",
          excerpt: `net.bridge.bridge-nf-call-iptables = ${view.factIfRead("sysctl")?.values["net.bridge.bridge-nf-call-iptables"] ?? "?"}`,
        },
      ],
    );
  },
});
