/** What a simulated hypervisor is made of. Plain data: the printers read it, only host.ts changes it. */

export type LinkKind = "loopback" | "nic" | "bond" | "bridge" | "vlan" | "tap";

export interface SimLink {
  /** Never changes while the interface lives; names do. */
  readonly ifindex: number;
  name: string;
  readonly kind: LinkKind;
  mac: string;
  mtu: number;
  adminUp: boolean;
  /** Ifindex of the bond or bridge that it is enslaved to. */
  master?: number;
  /** NIC: the cable carries light. TAP: a process holds it open. Of no meaning for others: theirs follows from below. */
  plugged: boolean;
  /** VLAN: ifindex of its parent, and its tag. */
  readonly parent?: number;
  readonly vlanId?: number;
  /** NIC: where it sits and who drives it. */
  readonly pci?: string;
  readonly driver?: string;
  readonly speed?: number;
  carrierUps: number;
  carrierDowns: number;
  /** Packets a second, for the counters. */
  readonly rate: number;
}

export interface SimNic {
  readonly mac: string;
  /** Bridge by name, as the domain's XML says; or the libvirt network. */
  readonly source: { readonly bridge: string } | { readonly network: string; readonly bridge: string };
  readonly model: string;
  readonly ip: string;
  /** The TAP of the running guest. */
  tap?: number;
  linkUp: boolean;
}

export interface SimGuest {
  readonly name: string;
  readonly uuid: string;
  state: "running" | "shut off" | "paused";
  readonly autostart: boolean;
  /** Id of the domain and pid of its process while it runs. */
  id: number;
  pid: number;
  readonly nics: readonly SimNic[];
}

/** An IPv4 network that a bridge of the host stands in. */
export interface SimNet {
  readonly bridge: string;
  readonly prefix: number;
  /** The host's own address on it; undefined where the host only bridges. */
  readonly address?: string;
  readonly gateway?: { readonly ip: string; readonly mac: string };
}

export interface SimNeighbour {
  readonly switchName: string;
  readonly switchMac: string;
  readonly port: string;
  readonly vlans: readonly number[];
}

export interface SimState {
  readonly id: string;
  readonly hostname: string;
  readonly machineId: string;
  bootId: string;
  /** Lines of /etc/network/interfaces: what the host's network is meant to be. */
  readonly interfaces: readonly string[];
  /** Unix ms of the boot. */
  bootedAt: number;
  readonly links: Map<number, SimLink>;
  readonly guests: Map<string, SimGuest>;
  readonly nets: readonly SimNet[];
  /** LLDP neighbours by the ifindex of the NIC. */
  readonly neighbours: ReadonlyMap<number, SimNeighbour>;
  gatewayPresent: boolean;
  gatewayAnswers: boolean;
  /** Kernel log since boot: seconds since boot, priority, text. */
  readonly kernelLog: { readonly at: number; readonly priority: number; readonly text: string }[];
  nextIfindex: number;
  nextDomainId: number;
  nextPid: number;
  /** MII failures by ifindex of the bond member. */
  readonly bondFailures: Map<number, number>;
  activeMember: number | undefined;
}

export interface LinkView {
  readonly lowerUp: boolean;
  readonly operstate: "UP" | "DOWN" | "UNKNOWN" | "LOWERLAYERDOWN";
  readonly flags: readonly string[];
}

/** Interfaces that are enslaved to `master`, by ifindex. */
export function membersOf(state: SimState, master: number): SimLink[] {
  return [...state.links.values()].filter((link) => link.master === master);
}

export function byName(state: SimState, name: string): SimLink | undefined {
  for (const link of state.links.values()) if (link.name === name) return link;
  return undefined;
}

/** Whether frames can pass an interface, as the kernel works it out from what lies below. */
export function lowerUp(state: SimState, link: SimLink): boolean {
  if (!link.adminUp) return false;
  if (link.kind === "loopback") return true;
  if (link.kind === "nic" || link.kind === "tap") return link.plugged;
  if (link.kind === "vlan") {
    const parent = link.parent === undefined ? undefined : state.links.get(link.parent);
    return parent !== undefined && lowerUp(state, parent);
  }
  for (const other of state.links.values()) if (other.master === link.ifindex && lowerUp(state, other)) return true;
  return false;
}

/** Flags and operational state, in the words and the order of iproute2. */
export function viewOf(state: SimState, link: SimLink): LinkView {
  const up = lowerUp(state, link);
  const master = link.master === undefined ? undefined : state.links.get(link.master);
  const flags: string[] = [];
  if (link.adminUp && !up) flags.push("NO-CARRIER");
  if (link.kind === "loopback") flags.push("LOOPBACK");
  else flags.push("BROADCAST", "MULTICAST");
  if (link.kind === "bond") flags.push("MASTER");
  if (master?.kind === "bond") flags.push("SLAVE");
  if (link.adminUp) flags.push("UP");
  if (up) flags.push("LOWER_UP");
  if (!link.adminUp) return { lowerUp: false, operstate: "DOWN", flags };
  if (link.kind === "loopback" || (link.kind === "tap" && up)) return { lowerUp: up, operstate: "UNKNOWN", flags };
  if (link.kind === "vlan" && !up) return { lowerUp: up, operstate: "LOWERLAYERDOWN", flags };
  return { lowerUp: up, operstate: up ? "UP" : "DOWN", flags };
}
