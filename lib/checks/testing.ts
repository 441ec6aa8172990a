import type { Facts } from "../facts/facts";
import type { Read } from "../facts/read";
import type { Link } from "../probes/ip-link";
import type { FactOf, ProbeId } from "../probes/registry";

/**
 * Facts of healthy hosts, and small changes to them: what the examples of checks are made of. `bondHost` is the usual Debian hypervisor and equals what the lab
 * prints; `natHost` has guests on libvirt's own network only; `plainHost` has no guests at all.
 */
export type Values = { readonly [P in ProbeId]?: FactOf<P> };

/** Facts that were read at time 0. */
export function factsOf(values: Values): Facts {
  return Object.fromEntries(
    Object.entries(values).map(([probe, value]) => [probe, { ok: true, value, at: 0 } satisfies Read<unknown>]),
  ) as Facts;
}

/** The same facts without those of one probe, for the reason given. */
export function unread(
  facts: Facts,
  probe: ProbeId,
  why: "absent" | "refused" | "timeout" | "cut" | "failed" | "garbled" | "lost" = "timeout",
  detail = "took longer than 5 s",
): Facts {
  return { ...facts, [probe]: { ok: false, why, detail, at: 0 } };
}

/** The same facts with the value of one probe changed; `edit` gets a copy. */
export function edit<P extends ProbeId>(
  facts: Facts,
  probe: P,
  change: (value: FactOf<P>) => FactOf<P> | undefined,
): Facts {
  const read = facts[probe] as Read<FactOf<P>> | undefined;
  if (!read?.ok) throw new Error(`${probe} is not among these facts`);
  const copy = structuredClone(read.value) as FactOf<P>;
  return { ...facts, [probe]: { ...read, value: change(copy) ?? copy } };
}

/** The same facts with one interface changed. */
export function setLink(facts: Facts, ifname: string, change: Partial<Link> | ((link: Link) => Link)): Facts {
  let found = false;
  const next = edit(facts, "ip-link", (links) =>
    links.map((link) => {
      if (link.ifname !== ifname) return link;
      found = true;
      return typeof change === "function" ? change(link) : { ...link, ...change };
    }),
  );
  if (!found) throw new Error(`there is no interface ${ifname} among these facts`);
  return next;
}

/** The same facts with further interfaces. */
export const addLinks = (facts: Facts, ...links: readonly Link[]): Facts =>
  edit(facts, "ip-link", (all) => [...all, ...links]);

/** Flags as the kernel shows them when the cable of an interface that is up has no far end. */
export function noCarrier(facts: Facts, ifname: string): Facts {
  return setLink(facts, ifname, (link) => ({
    ...link,
    flags: ["NO-CARRIER", ...link.flags.filter((flag) => flag !== "LOWER_UP" && flag !== "NO-CARRIER")],
    operstate: "DOWN",
  }));
}

/** Flags as the kernel shows them after `ip link set NAME down`. */
export function adminDown(facts: Facts, ifname: string): Facts {
  return setLink(facts, ifname, (link) => ({
    ...link,
    flags: link.flags.filter((flag) => flag !== "UP" && flag !== "LOWER_UP" && flag !== "NO-CARRIER"),
    operstate: "DOWN",
  }));
}

/** A bond member that lost its link, as /proc/net/bonding and ip link tell it. */
export function memberDown(facts: Facts, ...members: readonly string[]): Facts {
  const dead = new Set(members);
  let next = facts;
  for (const member of members) next = noCarrier(next, member);
  return edit(next, "bond", (bonds) =>
    bonds.map((bond) => {
      const of = bond.members.map((member) =>
        dead.has(member.ifname) ? { ...member, miiStatus: "down", failureCount: member.failureCount + 1 } : member,
      );
      const alive = of.find((member) => member.miiStatus === "up");
      return { ...bond, members: of, miiStatus: alive ? "up" : "down", active: alive?.ifname };
    }),
  );
}

// Interfaces ---------------------------------------------------------------------------------------------------------

const wired = ["BROADCAST", "MULTICAST", "UP", "LOWER_UP"];

export function link(ifindex: number, ifname: string, more: Partial<Link> = {}): Link {
  return {
    ifindex,
    ifname,
    flags: wired,
    mtu: 1500,
    qdisc: "noqueue",
    operstate: "UP",
    link_type: "ether",
    address: `52:54:00:00:00:${ifindex.toString(16).padStart(2, "0")}`,
    broadcast: "ff:ff:ff:ff:ff:ff",
    ...more,
  };
}

export const loopback: Link = link(1, "lo", {
  flags: ["LOOPBACK", "UP", "LOWER_UP"],
  mtu: 65536,
  operstate: "UNKNOWN",
  link_type: "loopback",
  address: "00:00:00:00:00:00",
  broadcast: "00:00:00:00:00:00",
});

export const nic = (ifindex: number, ifname: string, more: Partial<Link> = {}): Link =>
  link(ifindex, ifname, { parentbus: "pci", parentdev: `0000:00:${ifindex.toString(16).padStart(2, "0")}.0`, ...more });

export const bridge = (ifindex: number, ifname: string, more: Partial<Link> = {}): Link =>
  link(ifindex, ifname, {
    linkinfo: {
      info_kind: "bridge",
      info_data: { stp_state: 0, forward_delay: 0, ageing_time: 30000, vlan_filtering: 0 },
    },
    ...more,
  });

/** A TAP of a running guest; libvirt gives it the guest's MAC with fe at its head. */
export const tap = (ifindex: number, ifname: string, guestMac: string, more: Partial<Link> = {}): Link =>
  link(ifindex, ifname, {
    operstate: "UNKNOWN",
    address: `fe${guestMac.slice(2)}`,
    linkinfo: { info_kind: "tun", info_data: { type: "tap", pi: false, vnet_hdr: true, persist: false } },
    ...more,
  });

export const vlan = (ifindex: number, ifname: string, lower: string, id: number, more: Partial<Link> = {}): Link =>
  link(ifindex, ifname, {
    link: lower,
    linkinfo: { info_kind: "vlan", info_data: { protocol: "802.1Q", id } },
    ...more,
  });

/** A port of a Linux bridge, made of any link. */
export const enslaved = (port: Link, master: string): Link => ({
  ...port,
  master,
  linkinfo: { ...port.linkinfo, info_slave_kind: "bridge", info_slave_data: { state: "forwarding" } },
});

export const bondMember = (member: Link, master: string, active: boolean): Link => ({
  ...member,
  master,
  flags: ["BROADCAST", "MULTICAST", "SLAVE", "UP", "LOWER_UP"],
  linkinfo: {
    info_slave_kind: "bond",
    info_slave_data: {
      state: active ? "ACTIVE" : "BACKUP",
      mii_status: "UP",
      perm_hwaddr: member.permaddr ?? member.address,
    },
  },
});

/** As an idle bridge shows itself: virbr0 without a running guest, docker0 without a container. */
export const idle = (bare: Link): Link => ({
  ...bare,
  flags: ["NO-CARRIER", "BROADCAST", "MULTICAST", "UP"],
  operstate: "DOWN",
});

// Guests -------------------------------------------------------------------------------------------------------------

type Domain = FactOf<"libvirt-domains">[number];

export const uuidOf = (number: number): string => `5b000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
export const macOf = (number: number): string => `52:54:00:5b:00:${number.toString(16).padStart(2, "0")}`;

/** A running libvirt guest with one virtio NIC on a bridge. */
export function domain(
  number: number,
  name: string,
  on: { bridge?: string; network?: string; target: string },
): Domain {
  return {
    uuid: uuidOf(number),
    name,
    id: number,
    type: "kvm",
    state: "running",
    reason: "booted",
    autostart: true,
    persistent: true,
    arch: "x86_64",
    machine: "pc-i440fx-7.2",
    emulator: "/usr/bin/qemu-system-x86_64",
    interfaces: [
      {
        type: on.network ? "network" : "bridge",
        mac: macOf(number),
        source: { bridge: on.bridge, network: on.network },
        target: on.target,
        model: "virtio",
        link: "up",
        isolated: false,
        alias: "net0",
      },
    ],
    hostdevs: [],
  };
}

export const stateOf = (of: Domain): FactOf<"libvirt-state">[number] => ({
  uuid: of.uuid,
  name: of.name,
  state: of.state,
  reason: of.reason,
  interfaces: of.interfaces.flatMap((entry) => (entry.target ? [{ name: entry.target }] : [])),
});

const defaultNetwork: FactOf<"libvirt-networks">[number] = {
  uuid: "e55b32f0-4215-4c07-8601-d9f17bb9e58c",
  name: "default",
  active: true,
  autostart: true,
  persistent: true,
  forward: { mode: "nat", interfaces: [] },
  bridge: { name: "virbr0", stp: true, delay: 0 },
  mac: "52:54:00:16:9f:57",
  vlan: [],
  portgroups: [],
  ips: [
    {
      family: "ipv4",
      address: "192.168.122.1",
      prefix: 24,
      ranges: [{ start: "192.168.122.2", end: "192.168.122.254" }],
      hosts: [],
    },
  ],
  leases: [],
};

// Hosts --------------------------------------------------------------------------------------------------------------

type Addresses = Record<string, readonly string[]>;

/** ip-addr and the connected routes for the links and addresses given ("10.20.0.10/24" by interface). */
function addressing(links: readonly Link[], addresses: Addresses, gateway?: { via: string; dev: string }): Values {
  const of = (ifname: string) =>
    (addresses[ifname] ?? []).map((address) => {
      const [local = "", prefix = "24"] = address.split("/");
      return { family: "inet" as const, local, prefixlen: Number(prefix), scope: ifname === "lo" ? "host" : "global" };
    });
  return {
    "ip-addr": links.map(({ ifindex, ifname }) => ({ ifindex, ifname, addr_info: of(ifname) })),
    "ip-route": [
      ...(gateway ? [{ family: "inet" as const, dst: "default", gateway: gateway.via, dev: gateway.dev }] : []),
      ...links.flatMap(({ ifname }) =>
        ifname === "lo"
          ? []
          : of(ifname).map(({ local, prefixlen }) => ({
              family: "inet" as const,
              dst: `${local.split(".").slice(0, 3).join(".")}.0/${prefixlen}`,
              dev: ifname,
              protocol: "kernel",
              scope: "link",
              prefsrc: local,
            })),
      ),
    ],
  };
}

/**
 * Two NICs in an active-backup bond, the bond in br0 with the host's address and gateway, two libvirt guests on br0, a management NIC, idle virbr0.
 * web-01 has vnet0, web-02 has vnet1.
 */
export function bondHost(guests = 2): Facts {
  // Long: the facts of one host, written out.
  const domains = Array.from({ length: guests }, (_, at) =>
    domain(at + 1, `web-${String(at + 1).padStart(2, "0")}`, { bridge: "br0", target: `vnet${at}` }),
  );
  const mac = "52:54:00:4c:00:10";
  const links: Link[] = [
    loopback,
    nic(2, "mgmt0", { address: "52:54:00:4c:00:01" }),
    bondMember(nic(3, "nic0", { address: mac }), "bond0", true),
    bondMember(nic(4, "nic1", { address: mac, permaddr: "52:54:00:4c:00:11" }), "bond0", false),
    enslaved(
      link(5, "bond0", {
        flags: ["BROADCAST", "MULTICAST", "MASTER", "UP", "LOWER_UP"],
        address: mac,
        linkinfo: { info_kind: "bond", info_data: { mode: "active-backup", active_slave: "nic0", miimon: 100 } },
      }),
      "br0",
    ),
    bridge(6, "br0", { address: mac }),
    idle(bridge(7, "virbr0", { address: "52:54:00:16:9f:57" })),
    ...domains.map((_, at) => enslaved(tap(8 + at, `vnet${at}`, macOf(at + 1)), "br0")),
  ];
  return factsOf({
    "ip-link": links,
    ...addressing(
      links,
      { lo: ["127.0.0.1/8"], mgmt0: ["10.0.2.15/24"], br0: ["10.20.0.10/24"], virbr0: ["192.168.122.1/24"] },
      { via: "10.20.0.1", dev: "br0" },
    ),
    "ip-neigh": [
      { family: "inet", dst: "10.20.0.1", dev: "br0", lladdr: "52:54:00:4c:ff:01", state: ["REACHABLE"] },
      { family: "inet", dst: "10.20.0.11", dev: "br0", lladdr: macOf(1), state: ["STALE"] },
    ],
    bond: [
      {
        ifname: "bond0",
        mode: "active-backup",
        modeText: "fault-tolerance (active-backup)",
        miiStatus: "up",
        miimon: 100,
        updelay: 0,
        downdelay: 0,
        active: "nic0",
        members: [
          { ifname: "nic0", miiStatus: "up", speed: 10000, duplex: "full", failureCount: 0, permaddr: mac },
          {
            ifname: "nic1",
            miiStatus: "up",
            speed: 10000,
            duplex: "full",
            failureCount: 0,
            permaddr: "52:54:00:4c:00:11",
          },
        ],
      },
    ],
    "libvirt-domains": domains,
    "libvirt-state": domains.map(stateOf),
    "libvirt-networks": [defaultNetwork],
  });
}

/** One NIC with the host's address; guests on libvirt's NAT network `default` (virbr0, no uplink by design). */
export function natHost(guests = 1): Facts {
  const domains = Array.from({ length: guests }, (_, at) =>
    domain(at + 1, `nat-${at + 1}`, { bridge: "virbr0", network: "default", target: `vnet${at}` }),
  );
  const links = [
    loopback,
    nic(2, "eth0"),
    bridge(3, "virbr0", { address: "52:54:00:16:9f:57" }),
    ...domains.map((_, at) => enslaved(tap(8 + at, `vnet${at}`, macOf(at + 1)), "virbr0")),
  ];
  return factsOf({
    "ip-link": links,
    ...addressing(
      links,
      { lo: ["127.0.0.1/8"], eth0: ["192.0.2.10/24"], virbr0: ["192.168.122.1/24"] },
      { via: "192.0.2.1", dev: "eth0" },
    ),
    "ip-neigh": [{ family: "inet", dst: "192.0.2.1", dev: "eth0", lladdr: "00:00:5e:00:01:01", state: ["REACHABLE"] }],
    "libvirt-domains": domains,
    "libvirt-state": domains.map(stateOf),
    "libvirt-networks": [defaultNetwork],
  });
}

/**
 * A Debian machine with one NIC in use, docker0 without containers, a spare NIC that is set down, another that is up without a cable, and no libvirt, no bond.
 * Nothing of that is a fault.
 */
export function plainHost(): Facts {
  const spare = nic(3, "eth1", { flags: ["BROADCAST", "MULTICAST"], operstate: "DOWN" });
  const links = [
    loopback,
    nic(2, "eth0"),
    spare,
    idle(nic(4, "eth2")),
    idle(bridge(5, "docker0")),
    link(6, "dummy0", { flags: ["BROADCAST", "NOARP"], operstate: "DOWN", linkinfo: { info_kind: "dummy" } }),
    link(7, "sit0", { flags: ["NOARP"], operstate: "DOWN", link_type: "sit", linkinfo: { info_kind: "sit" } }),
  ];
  const facts = factsOf({
    "ip-link": links,
    ...addressing(
      links,
      { lo: ["127.0.0.1/8"], eth0: ["192.0.2.10/24"], docker0: ["172.17.0.1/16"] },
      { via: "192.0.2.1", dev: "eth0" },
    ),
    "ip-neigh": [{ family: "inet", dst: "192.0.2.1", dev: "eth0", lladdr: "00:00:5e:00:01:01", state: ["REACHABLE"] }],
  });
  return (["bond", "libvirt-domains", "libvirt-state", "libvirt-networks"] as const).reduce(
    (all, probe) => unread(all, probe, "absent", ""),
    facts,
  );
}
