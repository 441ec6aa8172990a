import type { GraphNode } from "../graph/model";
import type { GraphView } from "../graph/view";
import type { FactOf } from "../probes/registry";
import type { CheckView } from "./define";

type Network = FactOf<"libvirt-networks">[number];

/** The bridge that a guest's NIC is plugged into now; undefined while it is not plugged in. */
export const bridgeOf = (vnic: GraphNode, graph: GraphView): GraphNode | undefined =>
  graph
    .towardsWire(vnic.id)
    .filter((edge) => edge.kind === "tap-vnic")
    .flatMap((edge) => graph.towardsWire(edge.from))
    .filter((edge) => edge.kind === "bridge-port" && edge.present)
    .flatMap((edge) => graph.node(edge.from) ?? [])[0];

/** The guest that a NIC belongs to. */
export const guestOf = (vnic: GraphNode, graph: GraphView): GraphNode | undefined =>
  graph
    .towardsGuest(vnic.id)
    .filter((edge) => edge.kind === "vnic-vm")
    .flatMap((edge) => graph.node(edge.to) ?? [])[0];

/** Whether a guest's NIC is to be heard from here. One that is paused, or that another host has as well, may be on its way here: it still speaks where it comes from. */
export function speaksHere(vnic: GraphNode, view: Pick<CheckView, "factIfRead" | "graph">): boolean {
  const guest = guestOf(vnic, view.graph);
  return guest?.attributes.state === "running" && !isElsewhereToo(guest, vnic, view);
}

/** QEMU without libvirt tells of no pause; a copy has an identity of its own. */
function isElsewhereToo(guest: GraphNode, vnic: GraphNode, view: Pick<CheckView, "factIfRead">): boolean {
  const { uuid } = guest.attributes;
  return (
    typeof uuid === "string" &&
    (view.factIfRead("duplicate-owners") ?? []).some(
      (owner) => owner.uuid === uuid && owner.mac === vnic.attributes.mac,
    )
  );
}

/**
 * Whether the guest behind this TAP or macvtap stands still: libvirt sets a macvtap down, and takes back what it wrote into the forwarding table, whenever a guest's CPUs stop (suspend,
 * snapshot, migration), so that nobody is sent there who is not at home.
 */
export const standsStill = (port: GraphNode, graph: GraphView): boolean =>
  graph
    .towardsGuest(port.id)
    .flatMap((edge) => (edge.kind === "tap-vnic" ? (graph.node(edge.to) ?? []) : []))
    .some((vnic) => guestOf(vnic, graph)?.attributes.state === "paused");

/** libvirt's own network behind a bridge, with the IPv4 subnet that it is. */
export function networkOf(
  bridge: GraphNode,
  networks: readonly Network[],
): { network: Network; ip: Network["ips"][number] } | undefined {
  const network = networks.find((one) => one.active && one.bridge?.name === bridge.name);
  const ip = network?.ips.find((one) => one.family === "ipv4");
  return network && ip && { network, ip };
}

/**
 * Asks libvirt whose a TAP is, unless a QEMU process that libvirt did not start holds it: there libvirt has nothing to tell, and that it is stopped is no reason not to judge.
 * Throws Unread where libvirt should have told and did not.
 */
export function askOwner(tap: GraphNode, view: CheckView<"libvirt-domains">): void {
  const processes = view.factIfRead("qemu-proc") ?? [];
  const holds = ({ nics, taps = [] }: (typeof processes)[number]): boolean =>
    [...nics, ...taps].some(({ ifname }) => ifname === tap.name);
  if (!processes.some((one) => !one.libvirt && holds(one))) view.factOrAbsent("libvirt-domains");
}
