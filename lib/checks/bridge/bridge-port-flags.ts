import type { GraphNode } from "../../graph/model";
import type { Link } from "../../probes/ip-link";
import { type CheckView, defineEdgeCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { standsStill } from "../guest-network";
import { dataOf, fdbOf, isElsewhere, linkNamed, portData } from "../layer2";

/**
 * A flag of a bridge port that keeps frames from it. By design, and no fault:
 * - learning and flooding off where the forwarding table has the guest's address by hand (libvirt's macTableManager, Proxmox);
 * - isolation that libvirt's XML asks for, or that nobody can be said to be cut off by;
 * - ports of tunnels (EVPN switches learning, flooding and ARP off there).
 * Multicast flooding that is off while snooping is on: see multicast-no-querier. Hairpin: nothing on the host tells where it is needed.
 */
export const check = defineEdgeCheck({
  id: "bridge-port-flags",
  layer: "bridge",
  title: { en: "A flag keeps frames from a bridge port", zh: "网桥端口标志阻止转发" },
  message: {
    en: "Port {port} of {bridge} has {option} {value}: frames of {whom} do not pass as they should",
    zh: "{bridge} 的端口 {port} 设置了 {option} {value}：{whom} 的帧不能正常通过",
  },
  expected: { en: "{port} has {option} {was}", zh: "{port} 的 {option} 为 {was}" },
  repair: {
    en: "Put it back: bridge link set dev {port} {option} {was}. Then find what set it: a script, a network plug-in, the domain XML.",
    zh: "恢复：bridge link set dev {port} {option} {was}。然后查明由谁设置：脚本、网络插件或虚拟机 XML。",
  },
  explain: {
    en: "Ports of a bridge learn addresses and get what is flooded. Without learning and flooding a guest does not get frames that are meant for it; without broadcast nobody resolves its address; isolated ports never reach each other, so an isolated uplink cuts off every isolated guest.",
    zh: "网桥端口会学习地址并接收泛洪帧。关闭学习和泛洪后虚拟机收不到发给它的帧；关闭广播后无人能解析其地址；隔离端口之间互不相通，因此上行端口被隔离会切断所有被隔离的虚拟机。",
  },
  needs: ["ip-link", "bridge-fdb"],
  optional: ["libvirt-domains"],
  subjects: ["edge:bridge-port", "edge:uplink"],
  sources: [
    "https://man7.org/linux/man-pages/man8/bridge.8.html",
    "https://docs.kernel.org/networking/bridge.html",
    "https://libvirt.org/formatdomain.html#isolating-guests-network-traffic-from-each-other",
    "https://libvirt.org/formatnetwork.html#general-metadata",
  ],
  lab: { case: "bridge-port-flags" },
  evaluate(edge, view) {
    const [from, to] = [view.graph.node(edge.from), view.graph.node(edge.to)];
    const [port, on] = edge.kind === "uplink" ? [from, to] : [to, from];
    if (!edge.present || !port || on?.kind !== "bridge" || isElsewhere(port)) return null;
    if (!["tap", "nic", "bond", "vlan"].includes(port.kind)) return null;
    const links = view.fact("ip-link");
    const own = linkNamed(links, port.name);
    if (portData(own, "learning") === undefined) return null;
    const wrong = faultOf(port, on, own, links, view);
    if (!wrong) return pass;
    const params = { port: port.name, bridge: on.name, option: wrong.option, value: wrong.value };
    return {
      status: wrong.status,
      params: { ...params, was: wrong.value === "on" ? "off" : "on", whom: wrong.whom },
      evidence: [
        {
          command: commandLine(["bridge", "-d", "link", "show", "dev", port.name]),
          excerpt: `${port.name}: master ${on.name} ${wrong.option} ${wrong.value}`,
        },
      ],
      ...(wrong.breaks ? { breaks: wrong.breaks } : {}),
    };
  },
});

interface Fault {
  readonly status: "fail" | "warn";
  readonly option: string;
  /** What it is now. */
  readonly value: "on" | "off";
  /** A MAC or ports; the port itself where it is about all that passes. */
  readonly whom: string;
  readonly breaks?: readonly string[];
}

type View = CheckView<"ip-link" | "bridge-fdb">;

function faultOf(
  port: GraphNode,
  bridge: GraphNode,
  own: Link | undefined,
  links: readonly Link[],
  view: View,
): Fault | undefined {
  const off = (key: string) => portData(own, key) === false;
  const on = (key: string) => portData(own, key) === true;
  if (off("bcast_flood")) return { status: "fail", option: "bcast_flood", value: "off", whom: port.name };
  if (off("mcast_flood") && dataOf(linkNamed(links, bridge.name), "mcast_snooping") === 0)
    return { status: "fail", option: "mcast_flood", value: "off", whom: port.name };
  const tap = port.kind === "tap";
  if (tap && (off("learning") || on("locked")) && !standsStill(port, view.graph)) {
    const mac = typeof port.attributes.guestMac === "string" ? port.attributes.guestMac : undefined;
    const held = fdbOf(view.fact("bridge-fdb"), mac ?? "").some((entry) => entry.ifname === port.name);
    if (mac !== undefined && !held) {
      if (on("locked")) return { status: "fail", option: "locked", value: "on", whom: mac };
      if (off("flood")) return { status: "fail", option: "learning", value: "off", whom: mac };
      return { status: "warn", option: "learning", value: "off", whom: mac };
    }
  }
  if (!tap && off("learning")) return { status: "warn", option: "learning", value: "off", whom: port.name };
  if (!tap && off("flood")) return { status: "warn", option: "flood", value: "off", whom: port.name };
  if (on("isolated")) return isolation(port, bridge, view, links);
  if (tap && on("neigh_suppress")) return { status: "warn", option: "neigh_suppress", value: "on", whom: port.name };
  return undefined;
}

/** Isolated ports reach only ports that are not isolated. */
function isolation(port: GraphNode, bridge: GraphNode, view: View, links: readonly Link[]): Fault | undefined {
  const isolated = view.graph
    .towardsGuest(bridge.id)
    .filter((edge) => edge.kind === "bridge-port" && edge.present && edge.to !== port.id)
    .filter((edge) => portData(linkNamed(links, view.graph.node(edge.to)?.name ?? ""), "isolated") === true);
  if (isolated.length === 0) return undefined;
  const names = isolated.map((edge) => view.graph.node(edge.to)?.name ?? edge.to).join(", ");
  if (port.kind !== "tap")
    return {
      status: "fail",
      option: "isolated",
      value: "on",
      whom: names,
      breaks: isolated.map((edge) => edge.id),
    };
  const nic = (view.factIfRead("libvirt-domains") ?? [])
    .flatMap((domain) => domain.interfaces)
    .find((one) => one.mac !== undefined && one.mac === port.attributes.guestMac);
  // Without an XML nobody says what is meant.
  if (!nic || nic.isolated) return undefined;
  return { status: "warn", option: "isolated", value: "on", whom: names };
}
