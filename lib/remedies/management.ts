import { type Facts, factIfRead } from "../facts/facts";
import { holds, subnetNamed } from "../graph/ipv4";
import { isGuest, nodeKind, selfKind } from "../graph/kinds";
import type { GraphNode } from "../graph/model";
import { carries, isWire } from "../graph/reach";
import type { GraphView } from "../graph/view";
import type { FactOf } from "../probes/registry";
import { addressesOf } from "./guests";

/** Both ends of the connection by which we reach a host, as the host sees them ($SSH_CONNECTION): its own address, and where the answers go. */
export interface Reached {
  readonly address: string;
  readonly from: string;
}

/** The way by which we reach a host. */
export interface Management {
  /** Ids of the nodes on it: who holds the address, or sends the answers, and all between that and the wire. */
  readonly nodes: ReadonlySet<string>;
  /** False where it could not be told. Every node that holds an address counts then: better one question too many. */
  readonly known: boolean;
}

/** Whether the addresses of a node are the host's own, and at one place of its own network namespace. */
const isPlace = ({ kind, attributes }: GraphNode): boolean =>
  kind !== selfKind && nodeKind[kind].isForeign !== true && attributes.netns === undefined;

/**
 * Works out the way by which we reach a host: from the interface that holds the address of our connection, and from the one by which the answers
 * leave, over bridge, bond and VLAN to the wire. Not known where no interface of this namespace has the address, or no wire is found below it (a
 * tunnel, a container): then `known` is false.
 */
export function managementPath(graph: GraphView, facts: Facts, reached: Reached | undefined): Management {
  const holders = [...graph.nodes.values()].filter((node) => isPlace(node) && node.attributes.addresses !== undefined);
  const at = reached === undefined ? [] : holders.filter((node) => holdsAddress(node, reached.address));
  const leaves = reached === undefined ? [] : leavesBy(graph, facts, reached.from);
  const ways = [...at, ...leaves].map((node) => wayToWire(graph, node.id));
  const known = at.length > 0 && ways.every((way) => way.wire);
  const all = known ? ways : holders.map((node) => wayToWire(graph, node.id));
  return { nodes: new Set(all.flatMap((way) => [...way.nodes])), known };
}

const holdsAddress = (node: GraphNode, address: string): boolean =>
  addressesOf(node.attributes.addresses).includes(address);

/** The interfaces by which what is sent to `to` leaves: the longest prefix of the main table. None for IPv6, where the holder of the address counts alone. */
function leavesBy(graph: GraphView, facts: Facts, to: string): GraphNode[] {
  const routes = (factIfRead(facts, "ip-route") ?? []).filter(
    (route) =>
      route.family === "inet" &&
      (route.table === undefined || route.table === "main") &&
      (route.type === undefined || route.type === "unicast") &&
      lengthOf(route, to) !== undefined,
  );
  const longest = Math.max(...routes.map((route) => lengthOf(route, to) ?? -1));
  const best = routes.filter((route) => lengthOf(route, to) === longest);
  const devices = new Set(best.flatMap((route) => [route, ...(route.nexthops ?? [])]).flatMap((hop) => hop.dev ?? []));
  return [...graph.nodes.values()].filter((node) => isPlace(node) && devices.has(node.name));
}

/** Length of a route's prefix, where it leads to this IPv4 address. */
function lengthOf(route: FactOf<"ip-route">[number], to: string): number | undefined {
  const subnet = subnetNamed(route.dst === "default" ? "0.0.0.0/0" : route.dst);
  return subnet && holds(subnet, to) ? subnet.prefix : undefined;
}

/**
 * Nodes between an interface and every wire that its frames can get to, itself included. `wire`: one was found. Walks out from the interface and not
 * through guests, and keeps what lies on the way back from a wire. O(nodes + edges).
 */
function wayToWire(graph: GraphView, start: string): { readonly nodes: ReadonlySet<string>; readonly wire: boolean } {
  const from = new Map<string, string | undefined>([[start, undefined]]);
  const nodes = new Set([start]);
  let wire = false;
  const queue = [start];
  for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
    const node = graph.node(id);
    if (!node || isGuest(node)) continue;
    if (isWire(node)) {
      wire = true;
      for (let at: string | undefined = id; at !== undefined; at = from.get(at)) nodes.add(at);
      continue;
    }
    const next = [
      ...graph.towardsWire(id).flatMap((edge) => (carries(edge) && edge.present ? [edge.from] : [])),
      ...graph.towardsGuest(id).flatMap((edge) => (carries(edge) && edge.present ? [edge.to] : [])),
    ];
    for (const one of next) {
      if (from.has(one)) continue;
      from.set(one, id);
      queue.push(one);
    }
  }
  return { nodes, wire };
}
