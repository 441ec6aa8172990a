import { isLinkLocal } from "../../graph/ipv4";
import type { GraphNode } from "../../graph/model";
import { segmentOf } from "../../graph/segments";
import type { ArpOwner } from "../../probes/arp-owners";
import type { FactOf } from "../../probes/registry";
import { listed } from "../../wording";
import { type CheckView, defineCheck, type Evidence, pass, unknown, type Verdict } from "../define";
import { commandLine } from "../evidence";
import { ipv4On } from "../network-values";

/**
 * Two machines answer for one IPv4 address: one of our guests and somebody else, or somebody for the host's own address. Told by asking (ARP), by leases and by guests' agents. No fault:
 * one guest with two NICs; a router that answers for everybody beside the owners (local proxy ARP, on isolated ports); a host elsewhere that answers from both of its NICs (ARP flux), for neither answer is ours to judge; an address that moves between guests (VRRP), for only
 * one of them answers at a time; a lease of a guest whose agent tells another address, or whose address only the other answers for when asked: it has moved on.
 * A guest passes where its address was asked about and it alone answered. Known by lease or agent and not asked about: unknown. No address of it known, or nobody answers: nothing to judge.
 */
export const check = defineCheck({
  id: "address-duplicate",
  layer: "addressing",
  title: { en: "IP address is used twice", zh: "IP 地址冲突" },
  message: {
    en: "{address} belongs to {owner} ({mac}) and to {others}: traffic for it reaches one or the other at random",
    zh: "{address} 同时属于 {owner}（{mac}）和 {others}：访问者时而到达前者，时而到达后者",
  },
  expected: { en: "{address} has one owner", zh: "{address} 只有一个所有者" },
  repair: {
    en: "Give all but one of them another address. Owners of {address}: {owner} and {others}. To find an unknown MAC's port: bridge fdb show | grep -i MAC.",
    zh: "除其中一个外，为其余的更换地址。{address} 的所有者：{owner} 和 {others}。查找未知 MAC 的端口：bridge fdb show | grep -i MAC。",
  },
  explain: {
    en: "Each host on the segment remembers the machine that answered ARP last. Connections break when that changes, and ping still works. Asked about are the host's own addresses, the guests' by lease, agent and the host's neighbour table, and those of other neighbours: up to 256, every five minutes. A guest whose address the host cannot know (fixed, no agent, never spoken with) is not judged.",
    zh: "网段上的每台主机记住最后应答 ARP 的一方。变化时连接中断，而 ping 始终看起来正常。每五分钟询问主机自身的地址，租约、代理和邻居表中虚拟机的地址，以及其他邻居的地址，最多 256 个。主机无从得知地址的虚拟机（静态地址、无代理、从未与主机通信）不作判断。",
  },
  needs: ["arp-owners", "ip-link"],
  optional: ["libvirt-ifaddr", "libvirt-networks", "ip-addr", "duplicate-owners"],
  subjects: ["vnic", "bridge", "ovs-bridge", "nic", "bond", "vlan"],
  sources: ["https://www.rfc-editor.org/rfc/rfc5227", "https://man7.org/linux/man-pages/man8/arping.8.html"],
  lab: { case: "address-duplicate" },
  evaluate(subject, view) {
    return subject.kind === "vnic" ? ofGuest(subject, view) : ofHost(subject, view);
  },
});

type View = CheckView<"arp-owners" | "ip-link">;

function ofGuest(vnic: GraphNode, view: View): Verdict {
  const { mac } = vnic.attributes;
  if (typeof mac !== "string" || !view.graph.towardsWire(vnic.id).some((edge) => edge.kind === "tap-vnic")) return null;
  const answers = view.factOrAbsent("arp-owners");
  const peers = (answers ?? []).filter((one) => !one.own);
  const twin = twinByTelling(vnic, peers, view);
  const owners = view.graph.ofKind("vnic");
  const found = twin
    ? undefined
    : peers.find(
        (one) =>
          one.macs.includes(mac) &&
          one.macs.some(
            (other) =>
              other !== mac && !isSameGuest(vnic, ownerOf(other, owners)) && !answersForAll(other, peers, owners),
          ),
      );
  const address = twin?.address ?? found?.address;
  if (address === undefined) return answers ? seenAlone(mac, peers, view) : null;
  const others = twin ? [twin.other] : (found?.macs ?? []).filter((other) => other !== mac);
  const guests = others.flatMap((other) => (typeof other === "string" ? (ownerOf(other, owners) ?? []) : [other]));
  // One finding for all of them, on the first by id.
  if (guests.some((other) => other.id < vnic.id)) return null;
  const evidence: readonly [Evidence, ...Evidence[]] = twin
    ? [tellingEvidence(vnic, twin.source, address), tellingEvidence(twin.other, twin.otherSource, address)]
    : [
        {
          command: commandLine(["arping", "-b", "-c", "2", "-I", found?.dev ?? "-", address]),
          excerpt: (found?.macs ?? []).map((one) => `reply from ${address} [${one}]`).join("\n"),
        },
      ];
  return {
    status: "fail" as const,
    cuts: false,
    params: {
      address,
      mac,
      owner: String(vnic.attributes.vm),
      others: others.map((one) => nameOf(one, owners, view)).join(", "),
    },
    evidence,
    alsoOn: guests.map((one) => one.id),
  };
}

/** Somebody answers for an address of ours. */
function ofHost(node: GraphNode, view: View) {
  const links = view.fact("ip-link");
  const asked = view.factOrAbsent("arp-owners")?.filter((one) => one.own && one.dev === node.name);
  if (!asked || asked.length === 0 || typeof node.attributes.netns === "string") return null;
  const own = new Set(links.flatMap((link) => [link.address ?? "", link.permaddr ?? ""]));
  const found = asked.find((one) => one.macs.some((mac) => !own.has(mac)));
  if (!found) {
    const own = ipv4On(node, view.factIfRead("ip-addr") ?? []).map((one) => one.local);
    const left = own.filter((address) => !asked.some((one) => one.address === address));
    return left.length === 0 ? pass : unasked(left);
  }
  const owners = view.graph.ofKind("vnic");
  const others = found.macs.filter((mac) => !own.has(mac));
  return {
    status: "fail" as const,
    cuts: false,
    params: {
      address: found.address,
      mac: String(node.attributes.mac ?? "-"),
      owner: node.name,
      others: others.map((mac) => nameOf(mac, owners, view)).join(", "),
    },
    evidence: [
      {
        command: commandLine(["arping", "-D", "-c", "2", "-I", node.name, found.address]),
        excerpt: others.map((mac) => `reply from ${found.address} [${mac}]`).join("\n"),
      },
    ] as const,
    alsoOn: others.flatMap((mac) => ownerOf(mac, owners)?.id ?? []),
  };
}

const ownerOf = (mac: string, owners: readonly GraphNode[]): GraphNode | undefined =>
  owners.find((one) => one.attributes.mac === mac);

/** Somebody who is no guest of ours and answers, together with its owner, for three addresses or more stands in for all on purpose. */
const answersForAll = (mac: string, peers: readonly ArpOwner[], owners: readonly GraphNode[]): boolean =>
  ownerOf(mac, owners) === undefined && peers.filter((one) => one.macs.includes(mac) && one.macs.length > 1).length > 2;

const isSameGuest = (vnic: GraphNode, other: GraphNode | undefined): boolean =>
  other !== undefined && other.attributes.vm === vnic.attributes.vm;

function nameOf(other: string | GraphNode, owners: readonly GraphNode[], view: View): string {
  if (typeof other !== "string") return `${String(other.attributes.vm)} (${String(other.attributes.mac)})`;
  const owner = ownerOf(other, owners);
  if (owner) return `${String(owner.attributes.vm)} (${other})`;
  const far = view.factIfRead("duplicate-owners")?.find((one) => one.mac === other);
  if (!far) return other;
  return `${far.vm === undefined ? far.host : `${far.vm} @ ${far.host}`} (${other})`;
}

const unasked = (addresses: readonly string[]): Verdict =>
  unknown(
    { en: "the owner of {addresses} was not asked for", zh: "未查询过 {addresses} 属于谁" },
    { addresses: listed(addresses) },
  );

/** Pass where each address that the guest's NIC is known by was asked about, and it alone answers for one at least. */
function seenAlone(mac: string, peers: readonly ArpOwner[], view: View): Verdict {
  const known = new Set(toldAddresses(view).flatMap((one) => (one.mac === mac ? [one.address] : [])));
  const left = [...known].filter((address) => !peers.some((one) => one.address === address));
  if (left.length > 0) return unasked(left);
  return peers.some((one) => one.macs.includes(mac)) ? pass : null;
}

export interface Told {
  readonly mac: string;
  readonly address: string;
  readonly source: "agent" | "lease";
}

const nothing = { addresses: [] };
const toldBy = new WeakMap<object, { readonly networks: object | undefined; readonly told: readonly Told[] }>();

/** Whose address is what, by agents and leases. A lease counts as long as the guest's own agent does not tell other addresses instead. Asked for each guest: made once a reading. */
function toldAddresses(view: View): readonly Told[] {
  const told = view.factIfRead("libvirt-ifaddr") ?? nothing;
  const networks = view.factIfRead("libvirt-networks");
  const known = toldBy.get(told);
  if (known && known.networks === networks) return known.told;
  const made = tellings(told.addresses, networks ?? []);
  toldBy.set(told, { networks, told: made });
  return made;
}

function tellings(addresses: FactOf<"libvirt-ifaddr">["addresses"], networks: FactOf<"libvirt-networks">): Told[] {
  const all = addresses.filter((one) => one.family === "ipv4" && !isLinkLocal(one.address));
  const of = (source: Told["source"]): Told[] =>
    all.flatMap((one) =>
      one.source === source && one.mac !== undefined ? [{ mac: one.mac, address: one.address, source }] : [],
    );
  const agents = of("agent");
  const telling = new Set(agents.map((one) => one.mac));
  const leases = [
    ...of("lease"),
    ...networks.flatMap((network) =>
      (network.leases ?? []).flatMap((one) =>
        one.protocol === "ipv4" ? [{ mac: one.mac.toLowerCase(), address: one.address, source: "lease" as const }] : [],
      ),
    ),
  ];
  return [...agents, ...leases.filter((one) => !telling.has(one.mac))];
}

interface Twin {
  readonly address: string;
  readonly source: Told["source"];
  readonly other: GraphNode;
  readonly otherSource: Told["source"];
}

/**
 * Another guest in the segment that has an address of this one, by leases and agents. Two leases are no proof: a server gives an address anew when it is free again. Nor is a lease where
 * somebody was asked for the address and one alone answered.
 */
function twinByTelling(vnic: GraphNode, peers: readonly ArpOwner[], view: View): Twin | undefined {
  const told = toldAddresses(view);
  for (const one of told) {
    if (one.mac !== vnic.attributes.mac) continue;
    for (const twin of told) {
      if (twin.address !== one.address || twin.mac === one.mac) continue;
      const isLease = one.source === "lease" || twin.source === "lease";
      if (isLease && (one.source === twin.source || peers.some((peer) => peer.address === one.address))) continue;
      const other = ownerOf(twin.mac, view.graph.ofKind("vnic"));
      if (other && !isSameGuest(vnic, other) && segmentOf(view.graph, vnic.id).has(other.id))
        return { address: one.address, source: one.source, other, otherSource: twin.source };
    }
  }
  return undefined;
}

const tellingEvidence = (vnic: GraphNode, source: Told["source"], address: string): Evidence => ({
  command: commandLine(["virsh", "domifaddr", String(vnic.attributes.vm), "--source", source]),
  excerpt: `${String(vnic.attributes.mac)} ipv4 ${address}`,
});
