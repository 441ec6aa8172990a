import type { GraphNode } from "../../graph/model";
import { reachable } from "../../graph/reach";
import type { GraphView } from "../../graph/view";
import { configuredMembers } from "../bond/configured-members";
import { type CheckView, defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { portsOfBridge } from "../layer2";

/**
 * Guests sit on a bridge from which no way leads to a NIC. Not a fault where that is the design:
 * - libvirt defines the bridge as a NAT, routed, open or isolated network;
 * - nobody is on it: a veth pair whose other end is the host's own, too, brings no guest;
 * - only containers sit on it and the bridge has an address (docker0 and its like: NAT);
 * - the bridge never had an uplink as long as it is known, has an address, and the host's default route leaves elsewhere: a routed or NAT network made by hand.
 */
export const check = defineCheck({
  id: "bridge-no-uplink",
  layer: "bridge",
  title: { en: "Bridge has no uplink", zh: "网桥没有上行链路" },
  message: {
    en: "{bridge} has {guests} guest ports and no way to the wire",
    zh: "{bridge} 有 {guests} 个虚拟机端口，但没有通向外部网络的链路",
  },
  expected: {
    en: "A NIC, bond, VLAN or tunnel is a port of {bridge}",
    zh: "{bridge} 的端口中有网卡、绑定、VLAN 或隧道接口",
  },
  repair: {
    en: "Enslave the uplink that belongs there: ip link set UPLINK master {bridge}. Then look why it left: boot configuration, network manager, a script.",
    zh: "把应有的上行接口接入网桥：ip link set UPLINK master {bridge}。然后查明它为何脱离：启动配置、网络管理器或脚本。",
  },
  explain: {
    en: "Guests on the bridge still reach each other, and nothing else. Typical after a restart of the network service that put the NIC back without its bridge.",
    zh: "网桥上的虚拟机之间仍可互通，但无法到达其他任何地方。常见于重启网络服务后网卡未重新接入网桥。",
  },
  needs: ["ip-link", "ip-addr", "ip-route", "libvirt-networks"],
  optional: ["net-config"],
  subjects: ["bridge"],
  sources: ["https://docs.kernel.org/networking/bridge.html", "https://libvirt.org/formatnetwork.html#connectivity"],
  lab: { case: "bridge-no-uplink" },
  evaluate(subject, view) {
    view.fact("ip-link");
    const ports = view.graph
      .towardsGuest(subject.id)
      .filter((edge) => edge.kind === "bridge-port" && edge.present)
      .map((edge) => edge.to);
    const guests = ports.filter((port) => leadsToGuest(port, view.graph));
    if (guests.length === 0) return null;
    const around = reachable(view.graph, [subject.id]);
    if ([...around].some((id) => id !== subject.id && view.graph.shape(id)?.isWire)) return pass;
    if (byDesign(subject, guests, view)) return null;
    return {
      status: "fail",
      params: { bridge: subject.name, guests: guests.length },
      evidence: [
        {
          command: commandLine(["ip", "-br", "link", "show", "master", subject.name], subject.attributes),
          excerpt: ports
            .flatMap((port) => view.graph.node(port) ?? [])
            .map((port) => `${port.name} ${String(port.attributes.operstate)} ${String(port.attributes.mac ?? "")}`)
            .join("\n"),
        },
      ],
    };
  },
});

/** Only its shape is looked at: which flags and addresses a port has is nothing to this check while all is well. */
function leadsToGuest(port: string, graph: GraphView): boolean {
  const kind = graph.shape(port)?.kind;
  return kind === "tap" || (kind === "veth" && !endsHere(port, graph));
}

/** A veth whose other end is to be seen in the host's own namespace. */
const endsHere = (port: string, graph: GraphView): boolean =>
  [...graph.towardsWire(port), ...graph.towardsGuest(port)].some((edge) => {
    const far = edge.kind === "veth-peer" ? graph.node(edge.from === port ? edge.to : edge.from) : undefined;
    return far !== undefined && far.attributes.netns === undefined;
  });

/** Whether a configuration file gives the bridge a port that it has not. */
function misses(subject: GraphNode, view: View): boolean {
  const wanted = configuredMembers(view.factIfRead("net-config") ?? [], "bridge").get(subject.name) ?? [];
  const { uplinks, others } = portsOfBridge(view.graph, subject.id);
  const there = new Set([...uplinks, ...others].map((port) => port.name));
  return [...wanted].some((port) => !there.has(port));
}

type View = CheckView<"ip-link" | "ip-addr" | "ip-route" | "libvirt-networks">;

function byDesign(subject: GraphNode, guests: readonly string[], view: View): boolean {
  const network = view.factOrAbsent("libvirt-networks")?.find((entry) => entry.bridge?.name === subject.name);
  if (network && network.forward?.mode !== "bridge") return true;
  const held = view
    .fact("ip-addr")
    .find((entry) => entry.ifindex === subject.attributes.ifindex)
    ?.addr_info.some((address) => address.scope === "global");
  if (subject.attributes.hadUplink === true) return false;
  // Guests among themselves, and perhaps a router among them: whoever makes such a bridge gives it neither address nor port. One that should have a port is told by the configuration.
  if (!held) return !misses(subject, view);
  if (guests.every((port) => view.graph.shape(port)?.kind === "veth")) return true;
  const defaults = view.fact("ip-route").filter((route) => route.dst === "default" && route.dev !== undefined);
  return defaults.length > 0 && defaults.every((route) => route.dev !== subject.name);
}
