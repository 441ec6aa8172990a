import type { GraphNode } from "../graph/model";
import type { GraphView } from "../graph/view";
import type { FactOf } from "../probes/registry";

/** Addresses that someone gave to an interface: link-local ones come by themselves. */
export function addressesOn(node: GraphNode, addresses: FactOf<"ip-addr">): string[] {
  if (typeof node.attributes.netns === "string") return [];
  const entry = addresses.find((link) => link.ifindex === node.attributes.ifindex);
  return (entry?.addr_info ?? [])
    .filter((address) => address.scope !== "link" && address.scope !== "host")
    .map((address) => `${address.local}/${address.prefixlen}`);
}

/** Routes that leave by this interface, apart from those that the kernel adds by itself for link-local addresses and multicast. */
export function routesOver(node: GraphNode, routes: FactOf<"ip-route">): FactOf<"ip-route">[number][] {
  if (typeof node.attributes.netns === "string") return [];
  return routes.filter(
    (route) =>
      (route.dev === node.name || route.nexthops?.some((hop) => hop.dev === node.name)) &&
      !/^(fe80:|ff00:|multicast)/.test(route.dst) &&
      route.type !== "multicast" &&
      route.type !== "local" &&
      route.type !== "broadcast" &&
      route.type !== "anycast",
  );
}

/** Is anything built upon this interface: a bond or bridge that it is enslaved to, a VLAN, a tunnel, a macvtap? */
export function carriesOthers(node: GraphNode, graph: GraphView): boolean {
  return (
    typeof node.attributes.master === "string" || graph.towardsGuest(node.id).some((edge) => edge.kind !== "veth-peer")
  );
}
