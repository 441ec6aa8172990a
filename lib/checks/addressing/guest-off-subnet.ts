import type { GraphNode } from "../../graph/model";
import { type CheckView, defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { bridgeOf, networkOf } from "../guest-network";
import { holds, ipv4Number, isLinkLocal, subnetOf, subnetText } from "../ipv4";
import { bondHost, edit, factsOf, macOf, natHost, unread } from "../testing";

/**
 * A guest on a libvirt network has addresses, and none of them is of that network: it cannot reach its gateway. On a bridge of the LAN there may be many subnets that the host does not
 * know; nothing is said there.
 */
export const check = defineCheck({
  id: "guest-off-subnet",
  layer: "addressing",
  title: { en: "Guest is outside its subnet", zh: "虚拟机地址不在本网段" },
  message: {
    en: "{guest} has {addresses} on network {network}, which is {subnet}: it reaches neither gateway nor host",
    zh: "{guest} 在网络 {network}（{subnet}）上的地址是 {addresses}：无法访问网关和主机",
  },
  expected: { en: "{guest} has an address of {subnet}", zh: "{guest} 拥有 {subnet} 中的地址" },
  repair: {
    en: "In {guest}, set its interface to DHCP or to a free address of {subnet} with the network's gateway; or plug it into the network that it was set up for.",
    zh: "在 {guest} 中将接口改为 DHCP，或设为 {subnet} 中的空闲地址及该网络的网关；或把它接到原本配置的网络。",
  },
  explain: {
    en: "Comes with guests that were cloned or moved from another network with a fixed address. The link is up, ARP requests are seen, and nobody answers.",
    zh: "常见于克隆或从其他网络迁来、使用固定地址的虚拟机。链路正常，能看到 ARP 请求，但无人应答。",
  },
  needs: ["libvirt-networks", "libvirt-ifaddr", "ip-neigh"],
  subjects: ["vnic"],
  reach: "host",
  sources: [
    "https://libvirt.org/formatnetwork.html#addressing",
    "https://www.libvirt.org/manpages/virsh.html#domifaddr",
  ],
  lab: { case: "guest-off-subnet" },
  evaluate(vnic, view) {
    const bridge = bridgeOf(vnic, view.graph);
    const found = bridge && networkOf(bridge, view.factOrAbsent("libvirt-networks") ?? []);
    const subnet = found && subnetOf(found.ip.address, found.ip.prefix);
    if (!bridge || !found || !subnet) return null;
    const addresses = addressesOf(vnic, bridge, view);
    if (addresses.length === 0) return null;
    // Another address besides is the guest's own business (containers, a VPN).
    if (addresses.some((address) => holds(subnet, address))) return pass;
    return {
      status: "warn",
      params: {
        guest: String(vnic.attributes.vm ?? vnic.name),
        addresses: addresses.join(", "),
        network: found.network.name,
        subnet: subnetText(subnet),
      },
      evidence: [
        {
          command: commandLine(["ip", "neigh", "show", "dev", bridge.name]),
          excerpt: addresses.map((address) => `${address} lladdr ${String(vnic.attributes.mac)}`).join("\n"),
        },
        {
          command: commandLine(["virsh", "net-dumpxml", found.network.name]),
          excerpt: `<ip address='${found.ip.address}' prefix='${found.ip.prefix}'>`,
        },
      ],
    };
  },
  examples: {
    bad: [
      { name: "seen by ARP", expect: "warn", facts: heard("10.99.0.5"), subject: nat1() },
      { name: "told by its agent", expect: "warn", facts: told("10.99.0.5"), subject: nat1() },
    ],
    good: [
      { name: "in the subnet", expect: "pass", facts: heard("192.168.122.11"), subject: nat1() },
      {
        name: "one address in, another out",
        expect: "pass",
        facts: heard("192.168.122.11", "172.17.0.1"),
        subject: nat1(),
      },
      { name: "not heard of yet", expect: "not-applicable", facts: heard(), subject: nat1() },
      {
        name: "only link-local: no address at all",
        expect: "not-applicable",
        facts: heard("169.254.3.4"),
        subject: nat1(),
      },
      {
        name: "a bridge of the LAN, another subnet than the host's",
        expect: "not-applicable",
        facts: edit(
          { ...bondHost(), ...factsOf({ "libvirt-ifaddr": { addresses: [], agents: [] } }) },
          "ip-neigh",
          (all) => [...all, { family: "inet", dst: "10.77.0.5", dev: "br0", lladdr: macOf(1), state: ["STALE"] }],
        ),
        subject: `vnic/web-01/${macOf(1)}`,
      },
    ],
    unknown: [{ name: "neighbours not read", expect: "unknown", facts: unread(heard(), "ip-neigh"), subject: nat1() }],
  },
});

/** IPv4 addresses of the NIC as its agent and the bridge's neighbour table tell them. A lease says what the guest was given, not what it has. */
function addressesOf(
  vnic: GraphNode,
  bridge: GraphNode,
  view: CheckView<"libvirt-networks" | "libvirt-ifaddr" | "ip-neigh">,
): string[] {
  const { mac } = vnic.attributes;
  const told = (view.factOrAbsent("libvirt-ifaddr")?.addresses ?? []).filter(
    (one) => one.mac === mac && one.source === "agent",
  );
  const heard = view.fact("ip-neigh").filter((one) => one.lladdr === mac && one.dev === bridge.name);
  const all = [...told.map((one) => one.address), ...heard.map((one) => one.dst)];
  return [...new Set(all)].filter((address) => ipv4Number(address) !== undefined && !isLinkLocal(address));
}

function nat1(): string {
  return `vnic/nat-1/${macOf(1)}`;
}

function heard(...addresses: readonly string[]) {
  return edit({ ...natHost(), ...factsOf({ "libvirt-ifaddr": { addresses: [], agents: [] } }) }, "ip-neigh", (all) => [
    ...all,
    ...addresses.map((dst) => ({ family: "inet" as const, dst, dev: "virbr0", lladdr: macOf(1), state: ["STALE"] })),
  ]);
}

function told(address: string) {
  return edit(heard(), "libvirt-ifaddr", (all) => ({
    ...all,
    addresses: [
      { source: "agent" as const, ifname: "eth0", mac: macOf(1), family: "ipv4" as const, address, prefix: 24 },
    ],
  }));
}
