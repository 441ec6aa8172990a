import type { GraphNode } from "../../graph/model";
import { type CheckView, defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { lasting } from "../growth";
import { bridgeOf, guestOf, networkOf } from "../guest-network";
import { ipv4Number, isLinkLocal } from "../ipv4";
import { edit, factsOf, macOf, natHost, unread } from "../testing";

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
        const judged = "from" in subject ? undefined : judge(subject, view);
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
    const ms = lasting(view.samples("none"), view.now);
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
  const leases = (found?.network.leases ?? []).filter((one) => one.mac.toLowerCase() === mac);
  const all = [...told.map((one) => one.address), ...heard.map((one) => one.dst), ...leases.map((one) => one.address)];
  const proper = all.some(
    (address) => !isLinkLocal(address) && (ipv4Number(address) !== undefined || address.includes(":")),
  );
  return { missing: !proper, bridge: bridge.name, known: [...new Set(all)] };
}

function nat1(): string {
  return `vnic/nat-1/${macOf(1)}`;
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
