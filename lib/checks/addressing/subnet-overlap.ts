import { overlap, type Subnet, subnetNamed, subnetOf, subnetText } from "../../graph/ipv4";
import { addressKinds, nodeKind } from "../../graph/kinds";
import type { GraphNode } from "../../graph/model";
import { segmentOf } from "../../graph/segments";
import { type CheckView, defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { ipv4On } from "../network-values";

/**
 * A bridge's subnet overlaps that of another interface, or that of a libvirt network that is not running and will clash when it starts. Each pair is told once. Or a route
 * that is no address of ours takes its subnet or a part of it elsewhere (a VPN, a static route): the more specific one wins. No fault: a route to a larger block that it lies in, for then the
 * bridge's is the more specific one; a spare route of a higher metric; a route by the bridge itself; routes to single addresses; two NICs in one
 * subnet (another matter), single addresses (/31, /32: loopbacks, tunnels), an address left on a port of the same bridge (address-on-member).
 */
export const check = defineCheck({
  id: "subnet-overlap",
  layer: "addressing",
  title: { en: "Subnets overlap", zh: "网段重叠" },
  message: {
    en: "{bridge} ({subnet}) and {other} ({otherSubnet}) claim the same addresses: replies leave by one of them only",
    zh: "{bridge}（{subnet}）与 {other}（{otherSubnet}）占用相同地址：应答只会从其中一个发出",
  },
  expected: { en: "{bridge} and {other} have subnets of their own", zh: "{bridge} 与 {other} 使用不同网段" },
  repair: {
    en: "Give one of them another subnet. A libvirt network: virsh net-edit NETWORK, change ip and range, then virsh net-destroy and net-start (its guests lose their link meanwhile). A route that takes a part of it elsewhere (VPN, static): have it announce less, or take it out with ip route del.",
    zh: "为其中一个更换网段。libvirt 网络：virsh net-edit 网络，修改 ip 与 range，然后 virsh net-destroy 和 net-start（期间其虚拟机断网）。若是某条路由（VPN、静态）把其中一部分引向别处：缩小其范围，或用 ip route del 删除。",
  },
  explain: {
    en: "The kernel sends by the more specific route, or by the first of two equal ones. Everything behind the other is out of reach. The classic: libvirt's 192.168.122.0/24 inside a guest that is itself in it.",
    zh: "内核按更具体的路由（或相同路由中的第一条）发送，另一侧无法到达。典型情况：虚拟机内又使用 libvirt 默认的 192.168.122.0/24。",
  },
  needs: ["ip-addr", "ip-route", "libvirt-networks"],
  subjects: ["bridge", "ovs-bridge"],
  sources: ["https://wiki.libvirt.org/Networking.html", "https://man7.org/linux/man-pages/man8/ip-route.8.html"],
  lab: { case: "subnet-overlap" },
  evaluate(bridge, view) {
    const own = subnetsOf(bridge, view);
    if (own.length === 0) return null;
    const found = clash(bridge, own, view) ?? routed(bridge, own, view) ?? planned(bridge, own, view);
    if (!found) return pass;
    return {
      status: found.planned || found.route !== undefined ? "warn" : "fail",
      cuts: false,
      params: {
        bridge: bridge.name,
        subnet: subnetText(found.own),
        other: found.name,
        otherSubnet: subnetText(found.subnet),
      },
      evidence: [
        {
          command: commandLine(["ip", "-br", "-4", "addr", "show"]),
          excerpt: `${bridge.name} ${subnetText(found.own)}${found.planned || found.route ? "" : `\n${found.name} ${subnetText(found.subnet)}`}`,
        },
        ...(found.route === undefined
          ? []
          : [{ command: commandLine(["ip", "-4", "route", "show", "table", "main"]), excerpt: found.route }]),
        ...(found.planned
          ? [
              {
                command: commandLine(["virsh", "net-dumpxml", found.name]),
                excerpt: `<ip> ${subnetText(found.subnet)}`,
              },
            ]
          : []),
      ],
      ...(found.id === undefined ? {} : { alsoOn: [found.id] }),
    };
  },
});

type View = CheckView<"ip-addr" | "ip-route" | "libvirt-networks">;

interface Clash {
  readonly own: Subnet;
  readonly name: string;
  readonly subnet: Subnet;
  readonly id?: string;
  readonly planned: boolean;
  /** The line of the route that takes it elsewhere. */
  readonly route?: string;
}

const subnetsOf = (node: GraphNode, view: View): Subnet[] =>
  ipv4On(node, view.fact("ip-addr")).flatMap(({ local, prefixlen }) =>
    prefixlen > 30 ? [] : (subnetOf(local, prefixlen) ?? []),
  );

function clash(bridge: GraphNode, own: readonly Subnet[], view: View): Clash | undefined {
  let segment: ReadonlySet<string> | undefined;
  for (const kind of addressKinds)
    for (const other of view.graph.ofKind(kind)) {
      // A bridge that comes first by id tells of the pair itself.
      const isBridge = nodeKind[kind].forwards;
      if (other.id === bridge.id || (isBridge && other.id < bridge.id)) continue;
      for (const subnet of subnetsOf(other, view)) {
        const mine = own.find((one) => overlap(one, subnet));
        if (!mine) continue;
        segment ??= segmentOf(view.graph, bridge.id);
        if (!segment.has(other.id)) return { own: mine, name: other.name, subnet, id: other.id, planned: false };
      }
    }
  return undefined;
}

/** A route of the main table that is preferred to the bridge's own for a part of its subnet at least. What the kernel makes for addresses is `clash`'s to tell. */
function routed(bridge: GraphNode, own: readonly Subnet[], view: View): Clash | undefined {
  const routes = view.fact("ip-route").filter((one) => one.family === "inet" && (one.table ?? "main") === "main");
  for (const route of routes) {
    const { dst, dev, type = "unicast", protocol, flags = [] } = route;
    const subnet = dst === "default" ? undefined : subnetNamed(dst);
    if (!subnet || subnet.prefix > 30 || dev === undefined || dev === bridge.name) continue;
    if (type !== "unicast" || protocol === "kernel" || flags.includes("linkdown") || flags.includes("dead")) continue;
    const mine = own.find((one) => overlap(one, subnet) && subnet.prefix >= one.prefix);
    if (!mine) continue;
    const connected = routes.find((one) => one.dev === bridge.name && one.dst === subnetText(mine));
    if (subnet.prefix === mine.prefix && connected && (route.metric ?? 0) >= (connected.metric ?? 0)) continue;
    const id = addressKinds
      .flatMap((kind) => view.graph.ofKind(kind))
      .find((one) => one.name === dev && one.attributes.netns === undefined)?.id;
    if (id !== undefined && segmentOf(view.graph, bridge.id).has(id)) continue;
    const line = `${dst}${route.gateway === undefined ? "" : ` via ${route.gateway}`} dev ${dev}`;
    return { own: mine, name: dev, subnet, planned: false, route: line, ...(id === undefined ? {} : { id }) };
  }
  return undefined;
}

function planned(bridge: GraphNode, own: readonly Subnet[], view: View): Clash | undefined {
  for (const network of view.factOrAbsent("libvirt-networks") ?? []) {
    if (network.active || network.bridge?.name === bridge.name) continue;
    for (const ip of network.ips) {
      const subnet = subnetOf(ip.address, ip.prefix);
      const mine = subnet && own.find((one) => overlap(one, subnet));
      if (subnet && mine) return { own: mine, name: network.name, subnet, planned: true };
    }
  }
  return undefined;
}
