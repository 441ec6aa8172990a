import { lowerUp, type SimState } from "../model";
import { portState } from "./bridge";
import { ipNeigh, routes } from "./ip";
import type { Parts } from "./libvirt";

interface Neighbour {
  readonly dst: string;
  readonly dev: string;
  readonly lladdr?: string;
}

const linkNamed = (state: SimState, name: string) => [...state.links.values()].find((link) => link.name === name);

/** Whether a frame that a bridge floods reaches the guest with this MAC: its TAP must be a forwarding port of that bridge. */
function hears(state: SimState, bridgeName: string, mac: string): boolean {
  const bridge = linkNamed(state, bridgeName);
  if (bridge === undefined) return false;
  for (const guest of state.guests.values()) {
    const tap = guest.nics.find((nic) => nic.mac === mac)?.tap;
    const link = tap === undefined ? undefined : state.links.get(tap);
    if (link?.master === bridge.ifindex)
      return guest.state === "running" && portState(state, link, bridge) === "forwarding";
  }
  return false;
}

/** Parts of the probe arp-owners: the host's own addresses are free, each neighbour and guest that hears the question answers once a request. */
export function arpOwners(state: SimState): Parts {
  const lines: string[] = [];
  const ask = (kind: "own" | "peer", dev: string, address: string, mac?: string) => {
    const reply = `Unicast reply from ${address} [${mac?.toUpperCase()}]  0.812ms`;
    lines.push(`@ ${kind} ${dev} ${address}`, ...(mac === undefined ? [""] : [reply, reply]));
  };
  const own = state.nets.filter((net) => net.address !== undefined && linkNamed(state, net.bridge)?.adminUp);
  for (const net of own.slice(0, 32)) ask("own", net.bridge, net.address ?? "");
  const known: Neighbour[] = JSON.parse(ipNeigh(state));
  for (const { dst, dev, lladdr } of known.filter((entry) => entry.lladdr !== undefined).slice(0, 256)) {
    const isGateway = state.nets.some((net) => net.gateway?.ip === dst);
    ask("peer", dev, dst, lladdr !== undefined && (isGateway || hears(state, dev, lladdr)) ? lladdr : undefined);
  }
  // On a bridge without an address of the host, guests are known by their agents.
  const asked = new Set(state.nets.filter((net) => net.address !== undefined).map((net) => net.bridge));
  for (const guest of state.guests.values())
    for (const nic of guest.state === "running" ? guest.nics : []) {
      const { bridge } = nic.source;
      if (nic.tap === undefined || "network" in nic.source || asked.has(bridge)) continue;
      ask("peer", bridge, nic.ip, hears(state, bridge, nic.mac) ? nic.mac : undefined);
    }
  return [["owners", [...lines, "#end"].join("\n")]];
}

/** Parts of the probe gateway-ping: every default route's gateway, asked with small and with full packets. */
export function gatewayPing(state: SimState): Parts {
  const parts: Parts = [];
  for (const route of routes(state, false)) {
    const link = linkNamed(state, route.dev);
    if (route.dst !== "default" || route.gateway === undefined || link === undefined) continue;
    const { gateway } = route;
    const answers = state.gatewayAnswers && lowerUp(state, link);
    const ping = (name: string, bytes: number): Parts[number] => [
      name,
      [
        `PING ${gateway} (${gateway}) ${bytes - 28}(${bytes}) bytes of data.`,
        "",
        `--- ${gateway} ping statistics ---`,
        ...(answers
          ? [
              "2 packets transmitted, 2 received, 0% packet loss, time 301ms",
              "rtt min/avg/max/mdev = 0.212/0.240/0.268/0.028 ms",
            ]
          : ["2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 301ms"]),
      ].join("\n"),
      answers ? 0 : 1,
    ];
    const mac = state.nets.find((net) => net.gateway?.ip === gateway)?.gateway?.mac ?? "";
    parts.push(
      ["gateway", `${gateway} ${link.name} ${link.mtu}`],
      ping("small", 84),
      ping("large", link.mtu),
      ping("again", 84),
      ["neigh", answers ? `${gateway} lladdr ${mac} REACHABLE` : `${gateway} FAILED`],
    );
  }
  return [...parts, ["end", ""]];
}
