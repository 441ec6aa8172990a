import type { SimGuest, SimLink, SimNeighbour, SimNet, SimNic, SimState } from "./model";
import { interfacesFile } from "./print/config";
import { type Random, random } from "./random";

const roles = ["web", "db", "mail", "cache", "queue", "git", "ci", "proxy", "dns", "ldap", "wiki", "shop"] as const;
const vlanIds = [120, 130] as const;
const nicNames = [
  ["eno1", "eno2", "ixgbe", 10_000],
  ["ens1f0", "ens1f1", "i40e", 25_000],
  ["enp65s0f0", "enp65s0f1", "mlx5_core", 25_000],
] as const;

/** A MAC under a vendor's prefix. The fleet shares segments, so host (10 bits), kind (4 bits) and number (10 bits) make every MAC different. */
function mac(prefix: string, host: number, kind: number, number: number): string {
  const value = ((host & 0x3ff) << 14) | (kind << 10) | (number & 0x3ff);
  const tail = [value >> 16, (value >> 8) & 0xff, value & 0xff].map((byte) => byte.toString(16).padStart(2, "0"));
  return `${prefix}:${tail.join(":")}`;
}

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function uuid(source: Random): string {
  const text = hex(source.bytes(16));
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-8${text.slice(17, 20)}-${text.slice(20, 32)}`;
}

/** IPv4 in the fleet's 10.20.0.0/14: one /16 a network, so that hosts share segments. */
function ip(net: number, host: number, number: number): string {
  const value = host * 64 + number + 256;
  return `10.${20 + net}.${(value >> 8) & 0xff}.${value & 0xff}`;
}

/**
 * A healthy hypervisor: two NICs in a bond, the bond on br0 with the host's address, VLANs of the bond each on a bridge of their own, a NAT
 * network of libvirt, guests with one TAP each (some with two). `index` is its place in the fleet, `guests` how many guests it has (at most 60).
 */
export function buildHost(seed: number, index: number, guests: number, now: number): SimState {
  const source = random(seed).fork(`host-${index}`);
  const id = `kvm-${String(index + 1).padStart(2, "0")}`;
  const state: SimState = {
    id,
    hostname: id,
    machineId: hex(source.bytes(16)),
    bootId: uuid(source),
    bootedAt: now - (1 + source.below(200)) * 86_400_000 - source.below(86_400_000),
    links: new Map(),
    guests: new Map(),
    nets: netsOf(index),
    neighbours: new Map(),
    interfaces: [],
    gatewayPresent: true,
    gatewayAnswers: true,
    kernelLog: [],
    nextIfindex: 1,
    nextDomainId: 1,
    nextPid: 2_000 + source.below(500),
    bondFailures: new Map(),
    activeMember: undefined,
  };
  addTrunk(state, index, source);
  Object.assign(state, { interfaces: interfacesFile(state) });
  for (let number = 0; number < guests; number += 1) addGuest(state, index, number, source);
  for (const guest of state.guests.values()) startGuest(state, guest);
  return state;
}

function netsOf(index: number): SimNet[] {
  const gateway = { ip: "10.20.0.1", mac: "00:1c:73:00:00:01" };
  return [
    { bridge: "br0", prefix: 16, address: ip(0, index, 0), gateway },
    ...vlanIds.map((vlan) => ({ bridge: `br${vlan}`, prefix: 16 })),
    { bridge: "virbr0", prefix: 24, address: "192.168.122.1" },
  ];
}

function addLink(
  state: SimState,
  link: Pick<SimLink, "name" | "kind" | "mac"> & Partial<Omit<SimLink, "ifindex" | "name" | "kind" | "mac">>,
): SimLink {
  const ifindex = state.nextIfindex;
  state.nextIfindex += 1;
  const made: SimLink = {
    mtu: 1500,
    adminUp: true,
    plugged: true,
    carrierUps: 1,
    carrierDowns: 0,
    rate: 0,
    ...link,
    ifindex,
  };
  state.links.set(ifindex, made);
  return made;
}

/** Everything between the wire and the bridges. */
function addTrunk(state: SimState, index: number, source: Random): void {
  const [first, second, driver, speed] = source.pick(nicNames);
  addLink(state, { name: "lo", kind: "loopback", mac: "00:00:00:00:00:00", mtu: 65_536, rate: 3 });
  const nicMacs = [mac("3c:fd:fe", index, 1, 0), mac("3c:fd:fe", index, 1, 1)] as const;
  const rack = Math.floor(index / 20) + 1;
  const nics = [first, second].map((name, at) =>
    addLink(state, {
      name,
      kind: "nic",
      mac: nicMacs[at] ?? nicMacs[0],
      pci: `0000:41:00.${at}`,
      driver,
      speed,
      rate: at === 0 ? 900 : 40,
    }),
  );
  const bond = addLink(state, { name: "bond0", kind: "bond", mac: nicMacs[0], rate: 900 });
  const br0 = addLink(state, { name: "br0", kind: "bridge", mac: nicMacs[0], rate: 60 });
  bond.master = br0.ifindex;
  const neighbours = new Map<number, SimNeighbour>();
  for (const [at, nic] of nics.entries()) {
    nic.master = bond.ifindex;
    neighbours.set(nic.ifindex, {
      switchName: `sw-r${rack}-${at === 0 ? "a" : "b"}`,
      switchMac: mac("00:1c:73", rack, 2, at),
      port: `Ethernet${(index % 20) + 1}`,
      vlans: [1, ...vlanIds],
    });
    state.bondFailures.set(nic.ifindex, 0);
  }
  Object.assign(state, { neighbours });
  state.activeMember = nics[0]?.ifindex;
  for (const vlanId of vlanIds) {
    const vlan = addLink(state, {
      name: `bond0.${vlanId}`,
      kind: "vlan",
      mac: nicMacs[0],
      parent: bond.ifindex,
      vlanId,
      rate: 200,
    });
    const bridge = addLink(state, { name: `br${vlanId}`, kind: "bridge", mac: nicMacs[0], rate: 20 });
    vlan.master = bridge.ifindex;
  }
  addLink(state, { name: "virbr0", kind: "bridge", mac: mac("52:54:00", index, 3, 0), rate: 5 });
}

function addGuest(state: SimState, index: number, number: number, source: Random): void {
  const role = source.pick(roles);
  const name = `${role}-${String(index * 100 + number + 1).padStart(4, "0")}`;
  const place = number % 10;
  const sourceOf = (at: number): SimNic["source"] => {
    if (at === 0 && place === 9) return { network: "default", bridge: "virbr0" };
    if (at === 0 && place < 6) return { bridge: "br0" };
    return { bridge: `br${vlanIds[(place + at) % 2] ?? vlanIds[0]}` };
  };
  const nicOf = (at: number): SimNic => {
    const from = sourceOf(at);
    const net = from.bridge === "virbr0" ? -1 : state.nets.findIndex((entry) => entry.bridge === from.bridge);
    return {
      mac: mac("52:54:00", index, 8 + at, number + 1),
      source: from,
      model: "virtio",
      ip: net < 0 ? `192.168.122.${10 + number}` : ip(net, index, number + 1),
      linkUp: true,
    };
  };
  const guest: SimGuest = {
    name,
    uuid: uuid(source),
    state: "shut off",
    autostart: true,
    id: -1,
    pid: 0,
    nics: place === 5 ? [nicOf(0), nicOf(1)] : [nicOf(0)],
  };
  state.guests.set(name, guest);
}

/** Starts a guest: its process, and a TAP for each NIC on the bridge that its XML names. Returns the new interfaces. */
export function startGuest(state: SimState, guest: SimGuest): SimLink[] {
  guest.state = "running";
  guest.id = state.nextDomainId;
  state.nextDomainId += 1;
  guest.pid = state.nextPid;
  state.nextPid += 7;
  return guest.nics.map((nic) => {
    const bridge = [...state.links.values()].find((link) => link.name === nic.source.bridge);
    const used = new Set([...state.links.values()].map((link) => link.name));
    let number = 0;
    while (used.has(`vnet${number}`)) number += 1;
    const tap = addLink(state, { name: `vnet${number}`, kind: "tap", mac: `fe${nic.mac.slice(2)}`, rate: 25 });
    tap.master = bridge?.ifindex;
    nic.tap = tap.ifindex;
    return tap;
  });
}

/** Ends a guest: the kernel removes its TAPs with its process. Returns the interfaces that are gone. */
export function stopGuest(state: SimState, guest: SimGuest): SimLink[] {
  guest.state = "shut off";
  guest.id = -1;
  guest.pid = 0;
  return guest.nics.flatMap((nic) => {
    const tap = nic.tap === undefined ? undefined : state.links.get(nic.tap);
    nic.tap = undefined;
    if (tap === undefined) return [];
    state.links.delete(tap.ifindex);
    return [tap];
  });
}
