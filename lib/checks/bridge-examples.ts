import type { Facts } from "../facts/facts";
import type { FdbEntry } from "../probes/bridge-fdb";
import type { PortVlans } from "../probes/bridge-vlan";
import { bondHost, edit, factsOf, setLink } from "./testing";

/** Bridge settings and port flags on top of the healthy hosts: for examples of checks of bridges, bonds and VLANs. */
export const setBridge = (facts: Facts, ifname: string, data: Record<string, unknown>): Facts =>
  setLink(facts, ifname, (link) => ({
    ...link,
    linkinfo: { ...link.linkinfo, info_data: { ...link.linkinfo?.info_data, ...data } },
  }));

export const setPort = (facts: Facts, ifname: string, data: Record<string, unknown>): Facts =>
  setLink(facts, ifname, (link) => ({
    ...link,
    linkinfo: { ...link.linkinfo, info_slave_data: { ...link.linkinfo?.info_slave_data, ...data } },
  }));

/** Counters since the interface was made; only packets matter to checks. */
export function counted(facts: Facts, ifname: string, rx: number, tx: number): Facts {
  const of = (packets: number) => ({ bytes: packets * 100, packets, errors: 0, dropped: 0 });
  return setLink(facts, ifname, { stats64: { rx: of(rx), tx: of(tx) } });
}

export const learned = (mac: string, ifname: string, more: Partial<FdbEntry> = {}): FdbEntry => ({
  mac,
  ifname,
  used: 5,
  updated: 4,
  flags: [],
  master: "br0",
  state: "",
  ...more,
});

/** The forwarding table as the lab's bond base has it: guests on their TAPs, the gateway on the bond. */
export const healthyFdb: readonly FdbEntry[] = [
  learned("52:54:00:4c:ff:01", "bond0"),
  learned("52:54:00:4c:00:10", "bond0", { state: "permanent" }),
  learned("52:54:00:5b:00:01", "vnet0"),
  learned("fe:54:00:5b:00:01", "vnet0", { state: "permanent" }),
  { mac: "33:33:00:00:00:01", ifname: "vnet0", flags: ["self"], state: "permanent" },
  learned("52:54:00:5b:00:02", "vnet1"),
  learned("fe:54:00:5b:00:02", "vnet1", { state: "permanent" }),
];

export const withFdb = (facts: Facts, entries: readonly FdbEntry[] = healthyFdb): Facts => ({
  ...facts,
  ...factsOf({ "bridge-fdb": [...entries] }),
});

const untagged = (vlan: number) => ({ vlan, flags: ["PVID", "Egress Untagged"] });

export const healthyVlans: readonly PortVlans[] = [
  { ifname: "bond0", vlans: [untagged(1), { vlan: 10 }, { vlan: 20 }] },
  { ifname: "br0", vlans: [untagged(1)] },
  { ifname: "vnet0", vlans: [untagged(10)] },
  { ifname: "vnet1", vlans: [untagged(20)] },
];

/** The lab's VLAN base: br0 filters, web-01 in 10, web-02 in 20, both on the bond. */
export const vlanHost = (vlans: readonly PortVlans[] = healthyVlans): Facts => ({
  ...setBridge(bondHost(), "br0", { vlan_filtering: 1 }),
  ...factsOf({ "bridge-vlan": [...vlans] }),
});

/** The same VLANs with those of one port replaced. */
export const withPort = (ifname: string, vlans: PortVlans["vlans"]): PortVlans[] => [
  ...healthyVlans.filter((port) => port.ifname !== ifname),
  { ifname, vlans },
];

export const setBond = (facts: Facts, change: (bond: BondFact) => BondFact): Facts =>
  edit(facts, "bond", (bonds) => bonds.map(change));
type BondFact = NonNullable<ReturnType<typeof bondsOf>>[number];
function bondsOf(facts: Facts) {
  return facts.bond?.ok ? facts.bond.value : undefined;
}

/** A row of samples, oldest first, ten seconds apart and up to the moment of judging (1,000,000). */
export const every10s = (...values: readonly number[]) =>
  values.map((value, at) => ({ at: 1_000_000 - (values.length - 1 - at) * 10_000, value }));
