import { type Facts, factIfRead } from "../facts/facts";
import type { Route } from "../probes/ip-route";
import type { Rule } from "../probes/ip-rule";
import { overlap, type Subnet, subnetNamed, subnetOf } from "./ipv4";

export type Family = "inet" | "inet6";

/** A network whose packets the host forwards. */
export interface Network {
  /** Name of the bridge at which they come in. */
  readonly bridge: string;
  /** Table of the VRF that the bridge is in, if it is in one. */
  readonly vrf?: string;
  /** Addresses with prefix lengths that the host holds on it: "192.168.122.1/24". */
  readonly addresses: readonly string[];
}

/** Interfaces by which packets leave the host, each with the next hops that they are handed to. */
export type WaysOut = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * By which interfaces packets of a network leave the host: those of the default routes that the routing rules lead
 * them to, whatever their metric, for any of them may carry; where there is no default route, those of the routes
 * over a gateway. Rules that look at a mark or at a destination may or may not apply: what they lead to counts as
 * well. Empty: no way out is known.
 */
export function waysOut(facts: Facts, network: Network, family: Family): WaysOut {
  const routes = (factIfRead(facts, "ip-route") ?? []).filter((route) => route.family === family && passes(route));
  const tables = tablesOf(factIfRead(facts, "ip-rule"), network, family);
  const wanted = (is: (route: Route) => boolean): Map<string, Set<string>> => {
    const ways = new Map<string, Set<string>>();
    for (const { table, certain } of tables) {
      const own = routes.filter((route) => (route.table ?? "main") === table && is(route));
      for (const route of own) for (const hop of hopsOf(route)) add(ways, hop, network.bridge);
      if (certain && own.length > 0) break;
    }
    return ways;
  };
  const byDefault = wanted((route) => route.dst === "default");
  return byDefault.size > 0 ? byDefault : wanted(isByGateway);
}

const passes = (route: Route): boolean => route.type === undefined || route.type === "unicast";

interface Hop {
  readonly dev?: string | undefined;
  readonly gateway?: string | undefined;
  readonly via?: { readonly host: string } | undefined;
}

const hopsOf = (route: Route): readonly Hop[] => [route, ...(route.nexthops ?? [])];

const isByGateway = (route: Route): boolean =>
  hopsOf(route).some((hop) => hop.gateway !== undefined || hop.via !== undefined);

function add(ways: Map<string, Set<string>>, { dev, gateway, via }: Hop, bridge: string): void {
  // A network whose router is one of its own guests leaves the host by no other interface.
  if (dev === undefined || dev === bridge) return;
  const hops = ways.get(dev) ?? new Set<string>();
  ways.set(dev, hops);
  const next = gateway ?? via?.host;
  if (next !== undefined) hops.add(next);
}

interface Table {
  readonly table: string;
  /** Every packet of the network that comes to this rule looks into the table. */
  readonly certain: boolean;
}

/**
 * The tables that a packet of this network, new and for somewhere far away, is looked up in, in order. Without the
 * rules: what the kernel starts with.
 */
function tablesOf(rules: readonly Rule[] | undefined, network: Network, family: Family): readonly Table[] {
  if (!rules) return [{ table: network.vrf ?? "main", certain: true }];
  const tables: Table[] = [];
  for (const rule of rules.filter((one) => one.family === family).sort((a, b) => a.priority - b.priority)) {
    const applies = appliesTo(rule, network);
    if (applies === "no") continue;
    const certain = applies === "yes";
    // "unreachable", "blackhole", "prohibit": nothing behind it is asked.
    if (rule.action !== undefined && rule.action !== "to_tbl") {
      if (certain && rule.action !== "nop" && rule.goto === undefined) break;
      continue;
    }
    const table = isSet(rule, "l3mdev") ? network.vrf : rule.table;
    if (table === undefined || table === "local") continue;
    tables.push({ table, certain });
  }
  return tables;
}

/** A flag that is there: older iproute2 prints null for it, newer ones true. */
const isSet = (rule: Rule, flag: "not" | "l3mdev"): boolean => rule[flag] === null || rule[flag] === true;

function appliesTo(rule: Rule, network: Network): "yes" | "maybe" | "no" {
  // For what the host itself sends.
  if (rule.oif !== undefined) return "no";
  // A default route is exactly what it passes over.
  if (rule.suppress_prefixlen !== undefined && rule.suppress_prefixlen >= 0) return "no";
  if (isSet(rule, "not")) return "maybe";
  if (rule.iif !== undefined && rule.iif !== network.bridge) return "no";
  if (rule.src !== undefined && rule.src !== "all") {
    const hits = comesFrom(rule.src, rule.srclen, network);
    if (hits !== true) return hits === false ? "no" : "maybe";
  }
  return rule.fwmark !== undefined || rule.dst !== undefined ? "maybe" : "yes";
}

/** Whether a network's packets have such a source: all of them, none, or it cannot be told. */
function comesFrom(src: string, length: number | undefined, network: Network): boolean | undefined {
  const asked: Subnet | undefined = subnetOf(src, length ?? 32);
  if (!asked) return undefined;
  const own = network.addresses.flatMap((address) => subnetNamed(address) ?? []);
  if (own.length === 0) return undefined;
  const hit = own.filter((subnet) => overlap(asked, subnet));
  if (hit.length === 0) return false;
  return hit.length === own.length && hit.every((subnet) => asked.prefix <= subnet.prefix) ? true : undefined;
}
