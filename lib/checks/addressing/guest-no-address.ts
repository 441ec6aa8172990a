import type { Facts } from "../../facts/facts";
import type { GraphNode } from "../../graph/model";
import { type CheckView, defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { lasting } from "../growth";
import { bridgeOf, guestOf, networkOf } from "../guest-network";
import { ipv4Number, isLinkLocal } from "../ipv4";
import { edit, factsOf, macOf, natHost, unread, uuidOf } from "../testing";

/**
 * A running guest has no address though it should: its agent knows link-local ones only, or it is on a libvirt network with DHCP, has no lease and was never heard of with an address -
 * for longer than a guest takes to boot. A guest with a fixed address is heard of by ARP, for the host is its gateway; a pulled cable is another fault.
 */
export const check = defineCheck({
  id: "guest-no-address",
  layer: "addressing",
  title: { en: "Guest has no address", zh: "虚拟机没有地址" },
  message: {
    en: "{guest} on {bridge} has had no address for {seconds} s (limit {limit} s): {known}",
    zh: "{bridge} 上的 {guest} 已有 {seconds} 秒没有地址（阈值 {limit} 秒）：{known}",
  },
  expected: { en: "{guest} has a lease or an address of its own", zh: "{guest} 有租约或自己的地址" },
  repair: {
    en: "Watch its requests: tcpdump -ni {bridge} 'udp port 67 or udp port 68'. None: the guest does not ask (its own configuration). Requests without an answer: the DHCP server of {bridge}, its range, or a filter before it.",
    zh: "抓取请求：tcpdump -ni {bridge} 'udp port 67 or udp port 68'。没有请求：虚拟机自身未配置。有请求无应答：检查 {bridge} 的 DHCP 服务、地址段或其前面的过滤规则。",
  },
  explain: {
    en: "A guest that asks and gets no answer gives itself 169.254.x.x or nothing. It looks like a dead network, and is a server that is gone, a range that is full or a port that was not forwarding yet.",
    zh: "请求得不到应答的虚拟机会给自己 169.254.x.x 或没有地址。看似断网，实为服务停止、地址池已满，或端口当时尚未转发。",
  },
  needs: ["libvirt-networks", "libvirt-ifaddr", "ip-neigh"],
  subjects: ["vnic"],
  reach: "host",
  settings: {
    window: {
      title: { en: "Seconds without an address that count as a fault", zh: "多少秒没有地址视为故障" },
      default: 240,
      unit: "s",
      min: 30,
      max: 900,
    },
  },
  track: {
    none: {
      windowMs: 900_000,
      sample(subject, view) {
        if ("from" in subject) return undefined;
        const state = guestOf(subject, view.graph)?.attributes.state;
        if (typeof state === "string" && state !== "running") return 0;
        const judged = judge(subject, view);
        return judged && Number(judged.missing);
      },
    },
  },
  sources: ["https://www.libvirt.org/manpages/virsh.html#domifaddr", "https://www.rfc-editor.org/rfc/rfc3927"],
  lab: { case: "guest-no-address" },
  evaluate(vnic, view) {
    const judged = judge(vnic, view);
    if (!judged) return null;
    if (!judged.missing) return pass;
    // Guests and leases are asked every few minutes only: what was known then says nothing of the time since.
    const told = view.readAt(judged.by)?.at || view.now;
    const ms = lasting(view.samples("none"), Math.min(told, view.now));
    if (ms < view.setting("window") * 1000) return null;
    return {
      status: "warn",
      params: {
        guest: String(vnic.attributes.vm ?? vnic.name),
        bridge: judged.bridge,
        seconds: Math.round(ms / 1000),
        limit: view.setting("window"),
        known: judged.known.join(", ") || "-",
      },
      evidence: [
        {
          command: commandLine(["virsh", "domifaddr", String(vnic.attributes.vm ?? vnic.name), "--source", "lease"]),
          excerpt: "(no address)",
        },
        {
          command: commandLine(["ip", "neigh", "show", "dev", judged.bridge]),
          excerpt: `(no address of ${String(vnic.attributes.mac)})`,
        },
      ],
    };
  },
  examples: {
    bad: [
      { name: "no lease, never heard", expect: "warn", facts: known(), subject: nat1(), samples: since(300) },
      {
        name: "link-local only, by its agent",
        expect: "warn",
        facts: known({ source: "agent", address: "169.254.7.9" }),
        subject: nat1(),
        samples: since(300),
      },
    ],
    good: [
      {
        name: "leased",
        expect: "pass",
        facts: known({ source: "lease", address: "192.168.122.11" }),
        subject: nat1(),
        samples: since(0),
      },
      {
        name: "a fixed address, heard by ARP",
        expect: "pass",
        facts: edit(known(), "ip-neigh", (all) => [
          ...all,
          { family: "inet", dst: "192.168.122.50", dev: "virbr0", lladdr: macOf(1), state: ["STALE"] },
        ]),
        subject: nat1(),
      },
      {
        name: "a card that passes frames on, of a guest that is at home by another",
        expect: "not-applicable",
        facts: atHome(),
        subject: nat1(),
        samples: since(300),
      },
      {
        name: "asked while it booted, and not again since",
        expect: "not-applicable",
        facts: asked(known(), 810_000),
        subject: nat1(),
        samples: since(300),
      },
      { name: "still booting", expect: "not-applicable", facts: known(), subject: nat1(), samples: since(60) },
      {
        name: "paused",
        expect: "not-applicable",
        facts: edit(known(), "libvirt-state", (all) => all.map((one) => ({ ...one, state: "paused" as const }))),
        subject: nat1(),
        samples: since(300),
      },
      {
        name: "its cable is pulled",
        expect: "not-applicable",
        facts: edit(known(), "libvirt-domains", (all) =>
          all.map((one) => ({ ...one, interfaces: one.interfaces.map((nic) => ({ ...nic, link: "down" as const })) })),
        ),
        subject: nat1(),
        samples: since(300),
      },
      {
        name: "a network without DHCP",
        expect: "not-applicable",
        facts: edit(known(), "libvirt-networks", (all) =>
          all.map((one) => ({ ...one, ips: one.ips.map((ip) => ({ ...ip, ranges: [] })) })),
        ),
        subject: nat1(),
        samples: since(300),
      },
    ],
    unknown: [
      { name: "addresses not read", expect: "unknown", facts: unread(known(), "libvirt-ifaddr"), subject: nat1() },
    ],
  },
});

interface Judged {
  readonly missing: boolean;
  readonly bridge: string;
  /** Where an address of it would be told. */
  readonly by: "libvirt-networks" | "libvirt-ifaddr";
  /** Link-local addresses, where there are such. */
  readonly known: readonly string[];
}

function judge(
  vnic: GraphNode,
  view: CheckView<"libvirt-networks" | "libvirt-ifaddr" | "ip-neigh">,
): Judged | undefined {
  const bridge = bridgeOf(vnic, view.graph);
  if (!bridge || vnic.attributes.link === "down" || guestOf(vnic, view.graph)?.attributes.state !== "running")
    return undefined;
  const { mac } = vnic.attributes;
  const told = (view.factOrAbsent("libvirt-ifaddr")?.addresses ?? []).filter((one) => one.mac === mac);
  const heard = view.fact("ip-neigh").filter((one) => one.lladdr === mac);
  const found = networkOf(bridge, view.factOrAbsent("libvirt-networks") ?? []);
  const dhcp = found !== undefined && found.ip.ranges.length > 0;
  const byAgent = told.some((one) => one.source === "agent");
  // Without DHCP of libvirt's and without an agent nobody can tell.
  if (!dhcp && !byAgent) return undefined;
  // A card that passes frames on (a bridge or PPPoE in the guest, a sniffer) has none by design, while its guest is at home by another.
  if (!dhcp && isAtHome(vnic, view)) return undefined;
  const leases = (found?.network.leases ?? []).filter((one) => one.mac.toLowerCase() === mac);
  const all = [...told.map((one) => one.address), ...heard.map((one) => one.dst), ...leases.map((one) => one.address)];
  const proper = all.some(isProper);
  return {
    missing: !proper,
    bridge: bridge.name,
    by: dhcp ? "libvirt-networks" : "libvirt-ifaddr",
    known: [...new Set(all)],
  };
}

const isProper = (address: string): boolean =>
  !isLinkLocal(address) && (ipv4Number(address) !== undefined || address.includes(":"));

/** Whether another interface of the same guest has an address, as its agent says. */
function isAtHome(vnic: GraphNode, view: CheckView<"libvirt-ifaddr">): boolean {
  const uuid = guestOf(vnic, view.graph)?.attributes.uuid;
  return (view.factOrAbsent("libvirt-ifaddr")?.addresses ?? []).some(
    (one) =>
      one.source === "agent" &&
      one.uuid === uuid &&
      one.mac !== vnic.attributes.mac &&
      one.ifname !== "lo" &&
      isProper(one.address),
  );
}

function nat1(): string {
  return `vnic/nat-1/${macOf(1)}`;
}

/** Leases and guests were asked at this time, ms. */
function asked(facts: Facts, at: number): Facts {
  return Object.fromEntries(
    Object.entries(facts).map(([probe, read]) => [
      probe,
      probe === "libvirt-networks" || probe === "libvirt-ifaddr" ? { ...read, at } : read,
    ]),
  );
}

/** No DHCP here; its agent tells of this card only what it gave itself, and of another an address. */
function atHome(): Facts {
  const told = { source: "agent" as const, uuid: uuidOf(1), family: "ipv6" as const, prefix: 64 };
  const facts = edit(natHost(), "libvirt-networks", (all) =>
    all.map((one) => ({ ...one, ips: one.ips.map((ip) => ({ ...ip, ranges: [] })) })),
  );
  return {
    ...facts,
    ...factsOf({
      "libvirt-ifaddr": {
        addresses: [
          { ...told, ifname: "eth0", mac: macOf(1), address: "fe80::5054:ff:fe5b:1" },
          { ...told, ifname: "ppp0", address: "203.0.113.9", family: "ipv4" as const, prefix: 32 },
        ],
        agents: [],
      },
    }),
  };
}

function known(...addresses: readonly { source: "lease" | "agent"; address: string }[]) {
  return {
    ...natHost(),
    ...factsOf({
      "libvirt-ifaddr": {
        addresses: addresses.map((one) => ({
          ...one,
          ifname: "vnet0",
          mac: macOf(1),
          family: "ipv4" as const,
          prefix: 24,
        })),
        agents: [],
      },
    }),
  };
}

function since(seconds: number) {
  return {
    none: [
      { at: 1_000_000 - seconds * 1000, value: 1 },
      { at: 1_000_000, value: 1 },
    ],
  };
}
