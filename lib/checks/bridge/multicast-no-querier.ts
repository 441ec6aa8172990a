import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { dataOf, isElsewhere, linkNamed, portData, portsOfBridge } from "../layer2";

/**
 * Snooping without a querier is no fault by itself: the kernel then floods multicast to all ports (br_multicast_querier_exists), and that is how almost every bridge runs. It is
 * one where a port does not get what is flooded (mcast_flood off): that port lives on its memberships, and those end after some four minutes when nobody asks for them.
 * With snooping off: see bridge-port-flags.
 */
export const check = defineCheck({
  id: "multicast-no-querier",
  layer: "bridge",
  title: { en: "Multicast without querier", zh: "组播缺少查询者" },
  message: {
    en: "{bridge} snoops multicast, nobody queries, and {ports} get no flooded multicast: IPv6 neighbour discovery and multicast fail there",
    zh: "{bridge} 启用组播侦听但没有查询者，且 {ports} 不接收泛洪组播：IPv6 邻居发现和组播将失效",
  },
  expected: {
    en: "{bridge} has a querier, or {ports} get flooded multicast",
    zh: "{bridge} 有查询者，或 {ports} 接收泛洪组播",
  },
  repair: {
    en: "Let the bridge ask: ip link set {bridge} type bridge mcast_querier 1. Or flood again: bridge link set dev PORT mcast_flood on. Or switch snooping off: ip link set {bridge} type bridge mcast_snooping 0 together with mcast_flood on. Ports: {ports}.",
    zh: "让网桥充当查询者：ip link set {bridge} type bridge mcast_querier 1。或恢复泛洪：bridge link set dev PORT mcast_flood on。或在 mcast_flood on 的同时关闭侦听：ip link set {bridge} type bridge mcast_snooping 0。端口：{ports}。",
  },
  explain: {
    en: "A snooping bridge learns from IGMP and MLD reports which port wants which group. Reports come when a guest joins and when a querier asks. Without a querier the kernel does not trust what it has learned and floods - but not to ports with mcast_flood off.",
    zh: "启用侦听的网桥通过 IGMP 和 MLD 报告得知各端口需要的组。报告只在虚拟机加入组或查询者询问时发送。没有查询者时内核不采用已学到的内容而改为泛洪——但不会泛洪到 mcast_flood 关闭的端口。",
  },
  needs: ["ip-link", "bridge-mdb"],
  subjects: ["bridge"],
  sources: [
    "https://docs.kernel.org/networking/bridge.html#multicast",
    "https://man7.org/linux/man-pages/man8/ip-link.8.html",
    "https://github.com/torvalds/linux/blob/v6.1/net/bridge/br_multicast.c",
  ],
  lab: { case: "multicast-no-querier" },
  evaluate(subject, view) {
    const links = view.fact("ip-link");
    if (isElsewhere(subject)) return null;
    const own = linkNamed(links, subject.name);
    if (dataOf(own, "mcast_snooping") !== 1) return null;
    const { uplinks, others } = portsOfBridge(view.graph, subject.id);
    const mute = [...uplinks.filter((port) => port.kind !== "vxlan"), ...others].filter(
      (port) => portData(linkNamed(links, port.name), "mcast_flood") === false,
    );
    if (others.length === 0) return null;
    if (mute.length === 0 || dataOf(own, "mcast_querier") === 1) return pass;
    // A port behind which a query was heard is a router port; newer kernels name the querier itself.
    const heard =
      view.fact("bridge-mdb").routers.some((router) => router.bridge === subject.name) ||
      Object.keys(own?.linkinfo?.info_data ?? {}).some((key) => /^mcast_querier_ipv[46]_addr$/.test(key));
    if (heard) return pass;
    const ports = mute.map((port) => port.name).join(", ");
    return {
      status: "warn",
      params: { bridge: subject.name, ports },
      evidence: [
        {
          command: commandLine(["ip", "-d", "link", "show", "dev", subject.name]),
          excerpt: `${subject.name}: bridge mcast_snooping 1 mcast_querier 0`,
        },
        {
          command: commandLine(["bridge", "-d", "link", "show"]),
          excerpt: mute.map((port) => `${port.name}: mcast_flood off`).join("\n"),
        },
        { command: commandLine(["bridge", "-d", "mdb", "show", "dev", subject.name]), excerpt: "no router ports" },
      ],
      alsoOn: mute.map((port) => port.id),
    };
  },
});
