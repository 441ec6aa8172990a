import type { GraphNode } from "../../graph/model";
import { segmentOf } from "../../graph/segments";
import { type CheckView, defineCheck, type Evidence, pass } from "../define";
import { commandLine } from "../evidence";
import { isLinkLocal } from "../ipv4";
import { bondHost, edit, factsOf, macOf, unread } from "../testing";

/**
 * Two machines answer for one IPv4 address: one of our guests and somebody else, or somebody for the host's own address. Told by asking (ARP), by leases and by guests' agents. No fault:
 * one guest with two NICs; a host elsewhere that answers from both of its NICs (ARP flux), for neither answer is ours to judge; an address that moves between guests (VRRP), for only
 * one of them answers at a time.
 */
export const check = defineCheck({
  id: "address-duplicate",
  layer: "addressing",
  title: { en: "IP address is used twice", zh: "IP 地址冲突" },
  message: {
    en: "{address} belongs to {owner} ({mac}) and to {others}: who talks to it reaches now the one, now the other",
    zh: "{address} 同时属于 {owner}（{mac}）和 {others}：访问者时而到达前者，时而到达后者",
  },
  expected: { en: "{address} has one owner", zh: "{address} 只有一个所有者" },
  repair: {
    en: "Give all but one of them another address. Owners of {address}: {owner} and {others}. To find an unknown MAC's port: bridge fdb show | grep -i MAC.",
    zh: "除其中一个外，为其余的更换地址。{address} 的所有者：{owner} 和 {others}。查找未知 MAC 的端口：bridge fdb show | grep -i MAC。",
  },
  explain: {
    en: "Each host on the segment remembers whoever answered ARP last. Connections break when that changes; ping looks well all the time.",
    zh: "网段上的每台主机记住最后应答 ARP 的一方。变化时连接中断，而 ping 始终看起来正常。",
  },
  needs: ["arp-owners", "ip-link"],
  optional: ["libvirt-ifaddr", "fleet-twins"],
  subjects: ["vnic", "bridge", "ovs-bridge", "nic", "bond", "vlan"],
  reach: "fleet",
  sources: ["https://www.rfc-editor.org/rfc/rfc5227", "https://man7.org/linux/man-pages/man8/arping.8.html"],
  lab: { case: "address-duplicate" },
  evaluate(subject, view) {
    return subject.kind === "vnic" ? ofGuest(subject, view) : ofHost(subject, view);
  },
  examples: {
    bad: [
      { name: "two guests answer", expect: "fail", facts: asked(false, [macOf(1), macOf(2)]), subject: guest(1) },
      {
        name: "a guest and somebody on the wire",
        expect: "fail",
        facts: asked(false, [macOf(1), "02:00:00:00:00:66"]),
        subject: guest(1),
      },
      {
        name: "a guest answers for the host's own address",
        expect: "fail",
        facts: asked(true, [macOf(1)], "10.20.0.10"),
        subject: "bridge/br0",
      },
      { name: "two agents tell the same address", expect: "fail", facts: told(asked(false, [])), subject: guest(1) },
    ],
    good: [
      { name: "one answers", expect: "pass", facts: asked(false, [macOf(1)]), subject: guest(1) },
      {
        name: "nobody answers for the host's own",
        expect: "pass",
        facts: asked(true, [], "10.20.0.10"),
        subject: "bridge/br0",
      },
      {
        name: "our own interface answers",
        expect: "pass",
        facts: asked(true, ["52:54:00:4c:00:01"], "10.20.0.10"),
        subject: "bridge/br0",
      },
      {
        name: "told once: the second guest",
        expect: "not-applicable",
        facts: asked(false, [macOf(1), macOf(2)]),
        subject: guest(2),
      },
      {
        name: "a machine elsewhere answers from two NICs",
        expect: "pass",
        facts: asked(false, ["02:00:00:00:00:66", "02:00:00:00:00:67"]),
        subject: guest(1),
      },
      {
        name: "no arping on the host",
        expect: "not-applicable",
        facts: unread(bondHost(), "arp-owners", "absent", ""),
        subject: guest(1),
      },
    ],
    unknown: [
      {
        name: "may not ask",
        expect: "unknown",
        facts: unread(bondHost(), "arp-owners", "refused", ""),
        subject: guest(1),
      },
    ],
  },
});

type View = CheckView<"arp-owners" | "ip-link">;

function ofGuest(vnic: GraphNode, view: View) {
  const { mac } = vnic.attributes;
  if (typeof mac !== "string" || !view.graph.towardsWire(vnic.id).some((edge) => edge.kind === "tap-vnic")) return null;
  const twin = twinByTelling(vnic, view);
  const owners = view.graph.ofKind("vnic");
  const asked = twin ? undefined : view.factOrAbsent("arp-owners");
  if (!twin && asked === undefined) return null;
  const found = asked?.find(
    (one) =>
      !one.own &&
      one.macs.includes(mac) &&
      one.macs.some((other) => other !== mac && !isSameGuest(vnic, ownerOf(other, owners))),
  );
  const address = twin?.address ?? found?.address;
  if (address === undefined) return pass;
  const others = twin ? [twin.other] : (found?.macs ?? []).filter((other) => other !== mac);
  const guests = others.flatMap((other) => (typeof other === "string" ? (ownerOf(other, owners) ?? []) : [other]));
  // One finding for all of them, on the first by id.
  if (guests.some((other) => other.id < vnic.id)) return null;
  const evidence: Evidence = found
    ? {
        command: commandLine(["arping", "-b", "-c", "2", "-I", found.dev, address]),
        excerpt: found.macs.map((one) => `reply from ${address} [${one}]`).join("\n"),
      }
    : {
        command: commandLine(["virsh", "domifaddr", String(vnic.attributes.vm), "--source", "agent"]),
        excerpt: `${mac} ${address}\n${String(guests[0]?.attributes.vm)}: ${address}`,
      };
  return {
    status: "fail" as const,
    cuts: false,
    params: {
      address,
      mac,
      owner: String(vnic.attributes.vm),
      others: others.map((one) => nameOf(one, owners, view)).join(", "),
    },
    evidence: [evidence] as const,
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
  if (!found) return pass;
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

const isSameGuest = (vnic: GraphNode, other: GraphNode | undefined): boolean =>
  other !== undefined && other.attributes.vm === vnic.attributes.vm;

function nameOf(other: string | GraphNode, owners: readonly GraphNode[], view: View): string {
  if (typeof other !== "string") return `${String(other.attributes.vm)} (${String(other.attributes.mac)})`;
  const owner = ownerOf(other, owners);
  if (owner) return `${String(owner.attributes.vm)} (${other})`;
  const twin = view.factIfRead("fleet-twins")?.find((one) => one.mac === other);
  if (!twin) return other;
  return `${twin.vm === undefined ? twin.host : `${twin.vm} @ ${twin.host}`} (${other})`;
}

/** Another guest in the segment that has an address of this one, by leases and agents. What ARP told is of one moment and says nothing of two owners. */
function twinByTelling(vnic: GraphNode, view: View): { address: string; other: GraphNode } | undefined {
  const told = (view.factIfRead("libvirt-ifaddr")?.addresses ?? []).filter(
    (one) => one.source === "agent" && one.family === "ipv4" && !isLinkLocal(one.address),
  );
  for (const one of told) {
    if (one.mac !== vnic.attributes.mac) continue;
    for (const twin of told) {
      if (twin.address !== one.address || twin.mac === one.mac || twin.mac === undefined) continue;
      const other = ownerOf(twin.mac, view.graph.ofKind("vnic"));
      if (other && !isSameGuest(vnic, other) && segmentOf(view.graph, vnic.id).has(other.id))
        return { address: one.address, other };
    }
  }
  return undefined;
}

function guest(number: number): string {
  return `vnic/web-0${number}/${macOf(number)}`;
}

function asked(own: boolean, macs: readonly string[], address = "10.20.0.11") {
  return { ...bondHost(), ...factsOf({ "arp-owners": [{ dev: "br0", address, own, macs: [...macs] }] }) };
}

function told(facts: ReturnType<typeof bondHost>) {
  const entry = (number: number) => ({
    source: "agent" as const,
    ifname: "eth0",
    mac: macOf(number),
    family: "ipv4" as const,
    address: "10.20.0.11",
    prefix: 24,
  });
  return edit(
    { ...facts, ...factsOf({ "libvirt-ifaddr": { addresses: [], agents: [] } }) },
    "libvirt-ifaddr",
    (all) => ({
      ...all,
      addresses: [entry(1), entry(2)],
    }),
  );
}
