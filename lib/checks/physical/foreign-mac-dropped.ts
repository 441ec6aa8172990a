import { holds, subnetOf } from "../../graph/ipv4";
import type { GraphNode } from "../../graph/model";
import type { GraphView } from "../../graph/view";
import { filled } from "../../wording";
import { type CheckView, defineCheck, pass, unknown, type Verdict } from "../define";
import { commandLine } from "../evidence";
import { uncaptured } from "../unjudged";

/**
 * An uplink that carries the host's own MAC and drops its guests'. Two ways of seeing it, neither of which sends anything. By ARP: guests ask for the gateway that the host itself reaches by
 * the same bridge, their requests are seen to leave by the uplink, again and again, and no reply comes in. (Were a filter of this host in between, they would not be seen there; were it the
 * gateway, the host would not reach it.) And for certain: a Wi-Fi station as the lower device of a guest's macvtap, for an access point only takes frames from stations that have associated.
 * A guest that asks for nothing while one listens shows nothing: then nothing is said. Listening is the host owner's to allow (uplink-arp).
 */
export const check = defineCheck({
  id: "foreign-mac-dropped",
  layer: "physical",
  title: { en: "Uplink drops the guests' MAC addresses", zh: "上行链路丢弃虚拟机的 MAC 地址" },
  message: {
    en: "{nic} carries the host's own frames and not those of {vms}: {why}",
    zh: "{nic} 能传送主机自己的帧，但不传送 {vms} 的帧：{why}",
  },
  expected: {
    en: "The device at the other end of {nic} lets the guests' MAC addresses through",
    zh: "{nic} 的对端放行虚拟机的 MAC 地址",
  },
  repair: {
    en: "Other end of {nic}: {parent}. On a switch port: allow more MACs or end port security there (Cisco: show port-security interface; switchport port-security maximum N). VMware: promiscuous mode (or MAC learning) and forged transmits of the port group. Hyper-V: MAC address spoofing of this machine's adapter. libvirt or Proxmox: the filter (clean-traffic, MAC filter) of this machine's NIC. A cloud or a Wi-Fi access point will not do it: put {vms} on a NAT or routed network, or use another NIC.",
    zh: "{nic} 的对端：{parent}。交换机端口：放宽 MAC 数量或取消端口安全（Cisco：show port-security interface；switchport port-security maximum N）。VMware：端口组的混杂模式（或 MAC 学习）和伪传输。Hyper-V：本机网卡的 MAC 地址欺骗。libvirt 或 Proxmox：本机网卡的过滤器（clean-traffic、MAC 过滤）。云平台和无线接入点不支持：把 {vms} 接到 NAT 或路由网络，或改用其他网卡。",
  },
  explain: {
    en: "Bridging lets many MACs speak through one port. The device at the other end must allow that: an access point does not, and neither do switch ports with port security or virtual switches of a parent hypervisor that refuse forged transmits. The host itself is well; only its guests are silent. It shows while guests ask for the gateway: their ARP requests leave and nothing returns. To let Taproot listen for that (ARP on the uplinks, six seconds every five minutes, nothing is sent), make the file /etc/taproot/listen-arp on the host; without it only guests on Wi-Fi are judged.",
    zh: "桥接让多个 MAC 通过一个端口通信，对端必须允许这样做：无线接入点不允许，启用端口安全的交换机端口和禁止伪传输的上层虚拟交换机也不允许。主机自身正常，只有虚拟机不通。虚拟机请求网关时可以看到：ARP 请求发出，却没有应答。要允许 Taproot 监听（每五分钟在上行链路上监听六秒 ARP，不发送任何报文），请在主机上创建文件 /etc/taproot/listen-arp；没有该文件时只判断 Wi-Fi 上的虚拟机。",
  },
  needs: ["ip-link", "sysfs-net", "uplink-arp"],
  optional: ["libvirt-domains", "gateway-ping", "ip-addr", "identity"],
  subjects: ["nic", "bond", "vlan"],
  settings: {
    requests: {
      title: { en: "Requests without a reply, of a guest in six seconds", zh: "六秒内虚拟机未得到应答的请求数" },
      // A host asks once a second; three in six seconds without a reply are no loss by chance.
      default: 3,
      unit: "",
      min: 2,
      max: 6,
    },
  },
  sources: [
    "https://wireless.docs.kernel.org/en/latest/en/users/documentation/iw.html",
    "https://wiki.libvirt.org/Networking.html",
  ],
  lab: { case: "foreign-mac-dropped" },
  evaluate(nic, view) {
    if (nic.attributes.netns !== undefined) return null;
    const asked = byArp(nic, view);
    if (asked) return asked;
    const wireless = view.fact("sysfs-net").find((one) => one.ifname === nic.name)?.wireless;
    if (wireless !== true) return null;
    const macvtaps = view.graph
      .towardsGuest(nic.id)
      .filter((edge) => edge.kind === "macvtap")
      .flatMap((edge) => view.graph.node(edge.to) ?? [])
      .filter((one) => typeof one.attributes.vm === "string" && one.attributes.mode !== "passthru");
    const [first] = macvtaps;
    if (!first) return null;
    // A guest that was given the card's own address is the one station that has associated.
    const foreign = macvtaps.filter((one) => one.attributes.mac !== nic.attributes.mac);
    if (foreign.length === 0) return pass;
    return {
      status: "fail",
      params: {
        nic: nic.name,
        vms: foreign.map((one) => String(one.attributes.vm)).join(", "),
        why: "802.11",
        parent: "Wi-Fi",
      },
      evidence: foreign.map((one) => ({
        command: commandLine(["ip", "-d", "link", "show", "dev", one.name]),
        excerpt: `${one.name}@${nic.name}: link/ether ${String(one.attributes.mac ?? "-")} macvtap mode ${String(one.attributes.mode ?? "?")}; /sys/class/net/${nic.name}/phy80211`,
      })) as [{ command: string; excerpt: string }],
      breaks: view.graph
        .towardsGuest(nic.id)
        .filter((edge) => foreign.some((one) => one.id === edge.to))
        .map((edge) => edge.id),
      cuts: false,
    };
  },
});

type View = CheckView<"ip-link" | "sysfs-net" | "uplink-arp">;

/** The uplink of a bridge with guests, judged by the ARP on it. Undefined: it is no such uplink. */
function byArp(nic: GraphNode, view: View): Verdict | undefined {
  // Long: one chain of reasoning; a part of it alone would accuse healthy ports.
  const bridge = view.graph
    .towardsGuest(nic.id)
    .filter((edge) => edge.kind === "uplink" && edge.present)
    .flatMap((edge) => view.graph.node(edge.to) ?? [])[0];
  const plugs = bridge ? guestsBehind(view.graph, bridge.id) : [];
  if (!bridge || plugs.length === 0) return undefined;
  const heard = view.fact("uplink-arp").find((one) => one.dev === nic.name);
  if (!heard) return null;
  if (!heard.heard) return unknown(uncaptured(nic.name));
  const reached = view
    .factIfRead("gateway-ping")
    ?.filter((one) => one.dev === bridge.name && one.small.received > 0)
    .map((one) => one.address);
  const subnets = (view.factIfRead("ip-addr")?.find((one) => one.ifname === bridge.name)?.addr_info ?? []).flatMap(
    (one) => (one.family === "inet" ? (subnetOf(one.local, one.prefixlen) ?? []) : []),
  );
  const guests = plugs.flatMap((vnic) => view.graph.node(vnic) ?? []);
  const isAnswered = (mac: string) => heard.replies.some((one) => one.to === mac);
  const silent = heard.asks.flatMap((one) => {
    const guest = guests.find((vnic) => vnic.attributes.mac === one.mac);
    const counts =
      one.times >= view.setting("requests") &&
      reached?.includes(one.target) &&
      subnets.some((subnet) => holds(subnet, one.sender)) &&
      !isAnswered(one.mac);
    return guest && counts ? [{ ...one, guest }] : [];
  });
  const [first] = silent;
  if (!first) return guests.some((vnic) => isAnswered(String(vnic.attributes.mac))) ? pass : null;
  const machine = view.factIfRead("identity")?.virtualisation;
  return {
    status: "fail",
    cuts: false,
    params: {
      nic: nic.name,
      vms: [...new Set(silent.map((one) => String(one.guest.attributes.vm)))].join(", "),
      why: filled(
        { en: "{asked}, 0 replies", zh: "{asked}，0 个应答" },
        { asked: `who-has ${first.target} tell ${first.sender} x${first.times}` },
      ),
      parent:
        machine === undefined || machine === "none"
          ? { en: "switch", zh: "交换机" }
          : { en: `hypervisor (${machine})`, zh: `上层虚拟化平台（${machine}）` },
    },
    evidence: [
      {
        command: commandLine(["tcpdump", "-p", "-n", "-e", "-i", nic.name, "arp"]),
        excerpt: silent
          .map(
            (one) =>
              `${one.mac} > Broadcast: Request who-has ${one.target} tell ${one.sender} (${one.times} times, no reply)`,
          )
          .join("\n"),
      },
      { command: commandLine(["ping", "-n", "-c", "2", first.target]), excerpt: `${first.target}: 0% packet loss` },
    ],
    breaks: silent.flatMap((one) =>
      view.graph.towardsWire(one.guest.id).flatMap((edge) => (edge.kind === "tap-vnic" ? [edge.id] : [])),
    ),
    alsoOn: silent.map((one) => one.guest.id),
  };
}

/** Ids of the guests' NICs on the ports of a bridge. Nothing of the ports themselves is looked at: most uplinks are judged by less than that. */
const guestsBehind = (graph: GraphView, bridge: string): readonly string[] =>
  graph
    .towardsGuest(bridge)
    .flatMap((port) => (port.present && port.kind === "bridge-port" ? graph.towardsGuest(port.to) : []))
    .flatMap((edge) => (edge.kind === "tap-vnic" ? [edge.to] : []));
