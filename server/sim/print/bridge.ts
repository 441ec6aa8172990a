import { lowerUp, type SimLink, type SimState, viewOf } from "../model";
import { portCost } from "./ip";

/** Ports of bridges with their bridge, by ifindex. */
function ports(state: SimState): { port: SimLink; bridge: SimLink }[] {
  return [...state.links.values()].flatMap((port) => {
    const bridge = port.master === undefined ? undefined : state.links.get(port.master);
    return bridge?.kind === "bridge" ? [{ port, bridge }] : [];
  });
}

export function portState(state: SimState, port: SimLink, bridge: SimLink): "forwarding" | "disabled" {
  return lowerUp(state, port) && bridge.adminUp ? "forwarding" : "disabled";
}

/** `bridge -d -s -j link show` */
export function bridgeLink(state: SimState): string {
  return JSON.stringify(
    ports(state).map(({ port, bridge }) => ({
      ifindex: port.ifindex,
      ...(port.parent === undefined ? {} : { link: state.links.get(port.parent)?.name ?? "NONE" }),
      ifname: port.name,
      flags: viewOf(state, port).flags,
      mtu: port.mtu,
      master: bridge.name,
      state: portState(state, port, bridge),
      priority: 32,
      cost: portCost(port),
      hairpin: false,
      guard: false,
      root_block: false,
      fastleave: false,
      learning: true,
      flood: true,
      mcast_flood: true,
      bcast_flood: true,
      mcast_router: 1,
      mcast_to_unicast: false,
      neigh_suppress: false,
      vlan_tunnel: false,
      isolated: false,
      locked: false,
    })),
  );
}

interface FdbEntry {
  readonly mac: string;
  readonly ifname: string;
  readonly vlan?: number;
  readonly used?: number;
  readonly updated?: number;
  readonly flags: readonly string[];
  readonly master?: string;
  readonly state: string;
}

/** `bridge -s -j fdb show`: own addresses, running guests behind their TAPs, the gateway behind the uplink. */
export function bridgeFdb(state: SimState): string {
  const entries: FdbEntry[] = [];
  const uplinks = new Map<number, SimLink>();
  for (const { port, bridge } of ports(state)) {
    entries.push({ mac: port.mac, ifname: port.name, vlan: 1, flags: [], master: bridge.name, state: "permanent" });
    entries.push({ mac: port.mac, ifname: port.name, flags: [], master: bridge.name, state: "permanent" });
    if (port.kind !== "tap" && portState(state, port, bridge) === "forwarding") uplinks.set(bridge.ifindex, port);
  }
  for (const guest of state.guests.values()) {
    if (guest.state !== "running") continue;
    for (const nic of guest.nics) {
      const tap = nic.tap === undefined ? undefined : state.links.get(nic.tap);
      const bridge = tap?.master === undefined ? undefined : state.links.get(tap.master);
      if (tap === undefined || bridge === undefined || portState(state, tap, bridge) !== "forwarding") continue;
      entries.push({ mac: nic.mac, ifname: tap.name, used: 1, updated: 1, flags: [], master: bridge.name, state: "" });
    }
  }
  for (const net of state.nets) {
    const bridge = [...state.links.values()].find((link) => link.name === net.bridge);
    const uplink = bridge === undefined ? undefined : uplinks.get(bridge.ifindex);
    if (net.gateway === undefined || bridge === undefined || uplink === undefined || !state.gatewayAnswers) continue;
    entries.push({
      mac: net.gateway.mac,
      ifname: uplink.name,
      used: 3,
      updated: 3,
      flags: [],
      master: bridge.name,
      state: "",
    });
  }
  return JSON.stringify(entries);
}

/** `bridge -j vlan show`: every port has its default PVID, also without VLAN filtering. */
export function bridgeVlan(state: SimState): string {
  const vlans = [{ vlan: 1, flags: ["PVID", "Egress Untagged"] }];
  const bridges = [...state.links.values()].filter((link) => link.kind === "bridge");
  return JSON.stringify(
    [...ports(state).map(({ port }) => port), ...bridges].map((link) => ({ ifname: link.name, vlans })),
  );
}

/** `bridge -d -j mdb show`: each guest has joined the group by which IPv6 asks for its address. Nobody sends queries, as almost everywhere. */
export function bridgeMdb(state: SimState): string {
  const taps = [...state.guests.values()].flatMap((guest) => (guest.state === "running" ? guest.nics : []));
  const mdb = taps.flatMap(({ mac, tap }) => {
    const port = tap === undefined ? undefined : state.links.get(tap);
    const bridge = port?.master === undefined ? undefined : state.links.get(port.master);
    if (port === undefined || bridge === undefined || portState(state, port, bridge) !== "forwarding") return [];
    const [, , , high = "00", middle = "00", low = "00"] = mac.split(":");
    const grp = `ff02::1:ff${high}:${Number.parseInt(`${middle}${low}`, 16).toString(16)}`;
    return [
      { index: bridge.ifindex, dev: bridge.name, port: port.name, grp, state: "temp", protocol: "kernel", flags: [] },
    ];
  });
  return `${JSON.stringify([{ mdb, router: {} }])}\n`;
}

/** One line of `bridge monitor fdb`. */
export function fdbLine(mac: string, port: string, bridge: string, deleted: boolean): string {
  return `${deleted ? "Deleted " : ""}${mac} dev ${port} master ${bridge} `;
}
