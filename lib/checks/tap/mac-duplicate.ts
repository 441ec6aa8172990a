import { addressKinds } from "../../graph/kinds";
import type { GraphNode } from "../../graph/model";
import { portsOf, segmentOf } from "../../graph/segments";
import type { GraphView } from "../../graph/view";
import type { FdbEntry } from "../../probes/bridge-fdb";
import type { DuplicateOwner } from "../../probes/duplicate-owners";
import { type CheckView, defineCheck, type Evidence, pass } from "../define";
import { commandLine } from "../evidence";
import { guestOf } from "../guest-network";
import { fdbLine, fdbOf, isLearned, plugOf, portsOfBridge, vlanTest } from "../layer2";
import { leadsOut, portsOfBridge as ovsPortsOf, rowOf } from "../ovs";

/**
 * Two guests, or a guest and a host, own one MAC in one segment; also over two hosts of the fleet, where the bridge (of Linux or of Open vSwitch) has heard the other host on its uplink: two
 * hosts that never meet may well use one MAC. An address that moves to the uplink and whose other owner nobody of ours is, is `fdb-guest-on-uplink`. No fault: one guest on two hosts, for it is moving; a TAP that carries its guest's address with fe at its head; a macvtap with the guest's own; a bond, its members,
 * its VLANs and its bridge with one address; two interfaces of one guest (a failover pair); the same address in two VLANs or on two bridges that never meet; a guest that is off.
 */
export const check = defineCheck({
  id: "mac-duplicate",
  layer: "tap",
  title: { en: "MAC address is used twice", zh: "MAC 地址重复" },
  message: {
    en: "{mac} belongs to {owner} and to {others} in the same segment: each takes the other's frames",
    zh: "{mac} 在同一网段中同时属于 {owner} 和 {others}：双方互相抢走对方的帧",
  },
  expected: { en: "{mac} has one owner in its segment", zh: "{mac} 在其网段中只有一个所有者" },
  repair: {
    en: "Give all but one of them a new MAC: virsh edit, remove the mac line of the interface (libvirt makes a new one), then stop and start that guest. With plain QEMU: give each -device its own mac=.",
    zh: "除其中一个外，为其余的更换 MAC：用 virsh edit 删除该接口的 mac 行（libvirt 会生成新地址），然后关闭并重新启动虚拟机。直接使用 QEMU 时：为每个 -device 指定各自的 mac=。",
  },
  explain: {
    en: "The bridge sends a frame to the port from which it last saw the address. With two owners that changes from frame to frame. The classic: guests started by hand without mac= all get 52:54:00:12:34:56.",
    zh: "网桥把帧发往最近看到该地址的端口。有两个所有者时，端口会不断变化。典型情况：手工启动且未指定 mac= 的虚拟机都得到 52:54:00:12:34:56。",
  },
  needs: ["ip-link", "libvirt-domains"],
  optional: ["qemu-proc", "libvirt-state", "bridge-vlan", "bridge-fdb", "duplicate-owners", "ovs", "ovs-flows"],
  subjects: ["vnic"],
  sources: ["https://libvirt.org/formatdomain.html#mac-address", "https://wiki.qemu.org/Documentation/Networking"],
  lab: { case: "mac-duplicate" },
  evaluate(vnic, view) {
    const { mac } = vnic.attributes;
    if (typeof mac !== "string" || mac === "00:00:00:00:00:00" || !isPlugged(vnic, view)) return null;
    const others = view.graph
      .ofKind("vnic")
      .filter(
        (other) => other.id !== vnic.id && other.attributes.mac === mac && other.attributes.vm !== vnic.attributes.vm,
      )
      .filter((other) => isPlugged(other, view));
    const hosts = addressKinds
      .flatMap((kind) => view.graph.ofKind(kind))
      .filter((node) => node.attributes.mac === mac && node.attributes.netns === undefined)
      .filter((node) => !isLent(node, vnic, view.graph));
    const far = elsewhere(vnic, mac, view);
    if (others.length === 0 && hosts.length === 0 && far.length === 0) return pass;
    const segment = segmentOf(view.graph, vnic.id);
    const own = tagOf(vnic, view);
    const guests = others.filter((other) => segment.has(other.id) && meet(own, tagOf(other, view)));
    // One of bridge, bond and NIC stands for the host: they share their address.
    const host = hosts.find((node) => segment.has(node.id));
    if (guests.length === 0 && !host && far.length === 0) return pass;
    // One finding for all of them, on the first by id.
    if (guests.some((other) => other.id < vnic.id)) return null;
    const all = [vnic, ...guests];
    return {
      status: "fail",
      params: {
        mac,
        owner: String(vnic.attributes.vm),
        others: [
          ...guests.map((other) => String(other.attributes.vm)),
          ...(host ? [host.name] : []),
          ...far.map(({ owner }) => (owner.vm === undefined ? owner.host : `${owner.vm} @ ${owner.host}`)),
        ].join(", "),
      },
      evidence: [
        ...all.map((one) => ({
          command: commandLine(["virsh", "domiflist", String(one.attributes.vm)]),
          excerpt: [one.attributes.tap, one.attributes.type, one.attributes.bridge, mac]
            .map((part) => String(part ?? "-"))
            .join("  "),
        })),
        ...(host
          ? [{ command: commandLine(["ip", "-br", "link", "show", "dev", host.name]), excerpt: `${host.name}  ${mac}` }]
          : []),
        ...far.flatMap(({ owner, heard }) => [
          heard,
          {
            command:
              owner.vm === undefined
                ? commandLine(["ip", "-br", "link"])
                : commandLine(["virsh", "domiflist", owner.vm]),
            excerpt: `${owner.host}: ${owner.vm ?? "-"}  ${mac}`,
          },
        ]),
      ] as [{ command: string; excerpt: string }],
      breaks: all.flatMap((one) => view.graph.towardsWire(one.id).map((edge) => edge.id)),
      alsoOn: [...guests.map((other) => other.id), ...(host ? [host.id] : [])],
    };
  },
});

/** A card that libvirt gave the guest's address because the guest has all of it (macvtap in passthrough mode). */
const isLent = (card: GraphNode, vnic: GraphNode, graph: GraphView): boolean =>
  graph.towardsWire(vnic.id).some((cable) => {
    const tap = graph.node(cable.from);
    if (tap?.kind !== "macvtap" || tap.attributes.mode !== "passthru") return false;
    return graph.towardsWire(tap.id).some((edge) => edge.kind === "macvtap" && edge.from === card.id);
  });

type View = CheckView<"ip-link" | "libvirt-domains">;

interface Far {
  readonly owner: DuplicateOwner;
  /** What the bridge heard on its uplink: the MAC itself, or another of that host. */
  readonly heard: Evidence;
}

/** Owners on other hosts that share the segment for certain. Without a bridge nothing here tells whom the uplink hears, and so nothing is said. */
function elsewhere(vnic: GraphNode, mac: string, view: View): Far[] {
  const uuid = guestOf(vnic, view.graph)?.attributes.uuid;
  const owners = (view.factIfRead("duplicate-owners") ?? []).filter(
    (owner) => owner.mac === mac && (owner.uuid === undefined || owner.uuid !== uuid),
  );
  if (owners.length === 0) return [];
  const plug = plugOf(vnic, view.graph);
  if (!plug) return overOvs(vnic, mac, owners, view);
  const fdb = view.factIfRead("bridge-fdb");
  if (!fdb) return [];
  const uplinks = new Set(portsOfBridge(view.graph, plug.bridge.id).uplinks.map((port) => port.name));
  const inVlan = vlanTest(plug.bridge.name, view);
  const isHeard = (entry: FdbEntry) =>
    isLearned(entry) && uplinks.has(entry.ifname ?? "") && inVlan(entry, plug.tap.name);
  return owners.flatMap((owner) => {
    const heard = [mac, ...owner.near].flatMap((one) => fdbOf(fdb, one)).find(isHeard);
    if (!heard) return [];
    return {
      owner,
      heard: { command: commandLine(["bridge", "fdb", "show", "br", plug.bridge.name]), excerpt: fdbLine(heard) },
    };
  });
}

/** The same for a port of Open vSwitch: what its switch learned on ports to the wire, in the guest's own VLAN. */
function overOvs(vnic: GraphNode, mac: string, owners: readonly DuplicateOwner[], view: View): Far[] {
  const port = portsOf(view.graph, vnic.id).find((one) => one.kind === "ovs-port");
  const ovs = view.factIfRead("ovs");
  const row = port && ovs && rowOf(port, ovs);
  const fdb = row && view.factIfRead("ovs-flows")?.find((one) => one.bridge === row.bridge.name)?.fdb;
  const on = port && view.graph.towardsWire(port.id).find((edge) => view.graph.node(edge.from)?.kind === "ovs-bridge");
  const switched = on && view.graph.node(on.from);
  if (!row || !fdb || !switched) return [];
  const uplinks = new Set(
    ovsPortsOf(switched, view.graph)
      .filter((one) => leadsOut(one, view.graph))
      .flatMap((one) => rowOf(one, ovs)?.port.interfaces.map(({ ofport }) => String(ofport)) ?? []),
  );
  const { tag } = row.port;
  return owners.flatMap((owner) => {
    const heard = fdb.find(
      (entry) =>
        uplinks.has(entry.port) &&
        entry.vlan === (tag ?? 0) &&
        // In which VLAN the owner is, nobody tells: another guest of its host, heard in ours, says nothing of it.
        (entry.mac === mac || (tag === undefined && owner.near.includes(entry.mac))),
    );
    if (!heard) return [];
    const excerpt = `${heard.port}  ${heard.vlan}  ${heard.mac}`;
    return { owner, heard: { command: commandLine(["ovs-appctl", "fdb/show", row.bridge.name]), excerpt } };
  });
}

/** Has an end on the host now: a guest that is off owns nothing. */
const isPlugged = (vnic: GraphNode, view: View): boolean =>
  view.graph.towardsWire(vnic.id).some((edge) => edge.kind === "tap-vnic");

/** VLANs that the guest's port takes part in: the tags of its Open vSwitch port, or those of its port on a VLAN-filtering bridge; undefined: all. */
function tagOf(vnic: GraphNode, view: View): ReadonlySet<number> | undefined {
  const ports = portsOf(view.graph, vnic.id);
  const tag = ports.find((port) => port.kind === "ovs-port")?.attributes.tag;
  if (typeof tag === "number") return new Set([tag]);
  if (!ports.some((port) => port.kind === "bridge" && port.attributes.vlanFiltering === 1)) return undefined;
  const names = new Set(ports.map((port) => port.name));
  const entry = view.factIfRead("bridge-vlan")?.find((port) => names.has(port.ifname));
  return (
    entry &&
    new Set(
      entry.vlans.flatMap(({ vlan, vlanEnd }) =>
        Array.from({ length: (vlanEnd ?? vlan) - vlan + 1 }, (_, at) => vlan + at),
      ),
    )
  );
}

const meet = (a: ReadonlySet<number> | undefined, b: ReadonlySet<number> | undefined): boolean =>
  a === undefined || b === undefined || [...a].some((vlan) => b.has(vlan));
