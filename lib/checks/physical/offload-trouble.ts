import type { GraphEdge, GraphNode } from "../../graph/model";
import { type CheckView, defineCheck, pass, type Verdict } from "../define";
import { commandLine } from "../evidence";
import { growth } from "../growth";

/**
 * LRO on a NIC under a bridge: it melts several packets into one that the bridge cannot send on. The kernel switches it off when a NIC is enslaved; on again it comes by a script or
 * a driver reset. GRO (and its form in hardware) keeps packets as they were, and is well under a bridge.
 *
 * And checksums that this host has to refuse: a guest that leaves them to a card (partial checksums) whose frames then pass no card that fills them in. Whoever sends them cannot know; the far
 * end counts them, and here we are the far end. Capturing instead would deceive: what a card has merged or a neighbour on the same machine has sent looks wrong in a capture and is well.
 */
export const check = defineCheck({
  id: "offload-trouble",
  layer: "physical",
  title: { en: "Offload spoils packets", zh: "网卡卸载功能损坏数据包" },
  message: {
    en: "{where} has trouble with an offload: {what}",
    zh: "{where} 有卸载功能问题：{what}",
  },
  expected: {
    en: "large-receive-offload is off under a bridge, and what arrives has right checksums",
    zh: "网桥下的 large-receive-offload 已关闭，且收到的数据包校验和正确",
  },
  repair: {
    en: "LRO: ethtool -K {where} lro off, and keep it off in the host's network configuration. Bad checksums: find the sender with tcpdump -vvni any | grep -B1 -i -e incorrect -e 'bad udp cksum' on this host (frames that this host itself sends always show so); there switch the offload off: in a guest ethtool -K eth0 tx off, on its host ethtool -K TAP tx off. DHCP to old clients: iptables -t mangle -A POSTROUTING -p udp --dport 68 -j CHECKSUM --checksum-fill.",
    zh: "LRO：ethtool -K {where} lro off，并写入主机网络配置。校验和错误：在本机用 tcpdump -vvni any | grep -B1 -i -e incorrect -e 'bad udp cksum' 找出发送者（本机自己发出的帧总会如此显示）；在发送端关闭卸载：虚拟机内 ethtool -K eth0 tx off，其宿主机上 ethtool -K TAP tx off。给旧客户端的 DHCP：iptables -t mangle -A POSTROUTING -p udp --dport 68 -j CHECKSUM --checksum-fill。",
  },
  explain: {
    en: "LRO rewrites headers while merging and loses the sizes of the packets it merged. A bridge must pass frames on unchanged: merged ones are too long to leave and are dropped. TCP into guests crawls, pings are well. Partial checksums are right only where they are filled in later. A receiver that gets them unfilled drops the packet. Pings need none, and still work.",
    zh: "LRO 合并时会改写包头并丢失原包长度。网桥必须原样转发：合并后的帧过长而被丢弃。进入虚拟机的 TCP 极慢，ping 正常。部分校验和须由后续设备补全；收到未补全的一方会丢弃该包，而 ping 不受影响。",
  },
  needs: ["ip-link", "ethtool", "resources"],
  subjects: ["nic", "host"],
  settings: {
    packets: {
      title: { en: "Packets with bad checksums within the window", zh: "窗口内校验和错误的包数" },
      default: 20,
      unit: "packets",
      min: 1,
      max: 1_000_000,
    },
    window: {
      title: { en: "Seconds over which it is judged", zh: "判断窗口秒数" },
      default: 600,
      unit: "s",
      min: 10,
      max: 3_600,
    },
  },
  track: {
    tcp: { windowMs: 3_600_000, sample: (subject, view) => badOf(subject, view)?.tcp },
    udp: { windowMs: 3_600_000, sample: (subject, view) => badOf(subject, view)?.udp },
  },
  sources: [
    "https://docs.kernel.org/networking/netdev-features.html",
    "https://github.com/torvalds/linux/blob/v6.1/net/bridge/br_if.c",
    "https://man7.org/linux/man-pages/man8/ethtool.8.html",
  ],
  lab: { case: "offload-trouble" },
  evaluate(nic, view) {
    if (nic.kind === "host") return refused(nic, view);
    const { master, netns, slaveKind } = nic.attributes;
    if (netns !== undefined || typeof master !== "string") return null;
    const above = view.graph.towardsGuest(nic.id).flatMap((edge) => view.graph.node(edge.to) ?? []);
    const bridged = slaveKind === "bridge" || above.some((node) => node.attributes.slaveKind === "bridge");
    if (!bridged) return null;
    const features = view.factOrAbsent("ethtool")?.find((one) => one.ifname === nic.name)?.features;
    const lro = features?.find((feature) => feature.name === "large-receive-offload");
    if (!lro) return null;
    if (!lro.on) return pass;
    return {
      status: "warn",
      params: { where: nic.name, what: `large-receive-offload on (master ${master})` },
      evidence: [
        {
          command: commandLine(["ethtool", "-k", nic.name]),
          excerpt: `large-receive-offload: on${lro.fixed ? " [fixed]" : ""}`,
        },
      ],
    };
  },
});

type View = CheckView<"ip-link" | "ethtool" | "resources">;

const badOf = (subject: GraphNode | GraphEdge, view: CheckView<"resources">) =>
  "kind" in subject && subject.kind === "host" ? view.fact("resources").badChecksums : undefined;

function refused(host: GraphNode, view: View): Verdict {
  const now = badOf(host, view);
  if (!now) return null;
  const windowMs = view.setting("window") * 1000;
  const [tcp, udp] = [view.samples("tcp"), view.samples("udp")].map((samples) => growth(samples, view.now, windowMs));
  if (!tcp || !udp) return null;
  if (tcp.delta + udp.delta < view.setting("packets")) return pass;
  return {
    status: "warn",
    params: {
      where: host.name,
      what: `TCP InCsumErrors +${tcp.delta}, UDP InCsumErrors +${udp.delta} (${Math.round(tcp.ms / 1000)} s)`,
    },
    evidence: [
      {
        command: "nstat -az TcpInCsumErrors UdpInCsumErrors",
        excerpt: `TcpInCsumErrors ${now.tcp}\nUdpInCsumErrors ${now.udp}`,
      },
    ],
  };
}
