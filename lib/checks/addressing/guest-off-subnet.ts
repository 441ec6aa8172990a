import { holds, ipv4Number, isLinkLocal, subnetNamed, subnetOf, subnetText } from "../../graph/ipv4";
import type { GraphNode } from "../../graph/model";
import { type CheckView, defineCheck, pass, type Verdict } from "../define";
import { commandLine } from "../evidence";
import { bridgeOf, networkOf } from "../guest-network";
import { ipv4On } from "../network-values";

/**
 * A guest on a libvirt network has addresses, and none of them is of that network: it cannot reach its gateway. On a bridge of the LAN there may be many subnets that the host does not
 * know, so that being in another one than the host is no fault: there it has to be seen to ask in vain as well - again and again, nobody answers it anything - while another guest of the
 * bridge is in the host's subnet. That is seen only where the host's owner allows listening (uplink-arp).
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
    en: "Comes with guests that were cloned or moved from another network with a fixed address. The link is up, ARP requests are seen, and nobody answers. On a bridge of the LAN other subnets are nobody's fault: there a guest is reported only where Taproot may listen (the file /etc/taproot/listen-arp), hears it ask without any answer, and another guest of the bridge is in the host's subnet.",
    zh: "常见于克隆或从其他网络迁来、使用固定地址的虚拟机。链路正常，能看到 ARP 请求，但无人应答。在接入 LAN 的网桥上使用其他网段并不算错：只有允许 Taproot 监听（文件 /etc/taproot/listen-arp）、听到其请求始终无人应答、且同一网桥上另有虚拟机在主机网段内时才报告。",
  },
  needs: ["libvirt-networks", "libvirt-ifaddr", "ip-neigh"],
  optional: ["ip-addr", "ip-route", "uplink-arp"],
  subjects: ["vnic"],
  sources: [
    "https://libvirt.org/formatnetwork.html#addressing",
    "https://www.libvirt.org/manpages/virsh.html#domifaddr",
  ],
  lab: { case: "guest-off-subnet" },
  evaluate(vnic, view) {
    const bridge = bridgeOf(vnic, view.graph);
    const found = bridge && networkOf(bridge, view.factOrAbsent("libvirt-networks") ?? []);
    const subnet = found && subnetOf(found.ip.address, found.ip.prefix);
    if (bridge && !found) return onLan(vnic, bridge, view);
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
});

type View = CheckView<"libvirt-networks" | "libvirt-ifaddr" | "ip-neigh">;

/** A guest asks once a second while nobody answers; three in the six seconds of listening are no chance. */
const inVain = 3;

/** A bridge that is no network of libvirt's, in the subnets that the host has there. */
function onLan(vnic: GraphNode, bridge: GraphNode, view: View): Verdict {
  const { mac } = vnic.attributes;
  const captures = (view.factIfRead("uplink-arp") ?? []).filter((one) => one.heard);
  const ask = captures.flatMap((one) => one.asks).find((one) => one.mac === mac && one.times >= inVain);
  if (!ask || captures.some((one) => one.replies.some((reply) => reply.to === mac))) return null;
  const own = ipv4On(bridge, view.factIfRead("ip-addr") ?? []).flatMap(
    ({ local, prefixlen }) => subnetOf(local, prefixlen) ?? [],
  );
  const [subnet] = own;
  if (!subnet || isLinkLocal(ask.sender) || ask.sender === "0.0.0.0") return null;
  const isIn = (address: string) => own.some((one) => holds(one, address));
  const addresses = addressesOf(vnic, bridge, view);
  // Another address besides, as on a network of libvirt's.
  if (isIn(ask.sender) || addresses.some(isIn)) return pass;
  const routed = (view.factIfRead("ip-route") ?? []).flatMap((one) =>
    one.dev === bridge.name && one.dst !== "default" ? (subnetNamed(one.dst) ?? []) : [],
  );
  if (routed.some((one) => holds(one, ask.sender))) return null;
  const others = view.graph.ofKind("vnic").filter((one) => one.attributes.vm !== vnic.attributes.vm);
  if (!others.some((one) => bridgeOf(one, view.graph)?.id === bridge.id && addressesOf(one, bridge, view).some(isIn)))
    return null;
  return {
    status: "warn",
    params: {
      guest: String(vnic.attributes.vm ?? vnic.name),
      addresses: [...new Set([...addresses, ask.sender])].join(", "),
      network: bridge.name,
      subnet: subnetText(subnet),
    },
    evidence: [
      {
        command: commandLine(["tcpdump", "-p", "-n", "-e", "-i", bridge.name, "arp"]),
        excerpt: `${ask.mac} > Broadcast: Request who-has ${ask.target} tell ${ask.sender} (${ask.times} times, no reply)`,
      },
      {
        command: commandLine(["ip", "-4", "addr", "show", "dev", bridge.name]),
        excerpt: own.map((one) => `${bridge.name} ${subnetText(one)}`).join("\n"),
      },
    ],
  };
}

/** IPv4 addresses of the NIC as its agent and the bridge's neighbour table tell them. A lease says what the guest was given, not what it has. */
function addressesOf(vnic: GraphNode, bridge: GraphNode, view: View): string[] {
  const { mac } = vnic.attributes;
  const told = (view.factOrAbsent("libvirt-ifaddr")?.addresses ?? []).filter(
    (one) => one.mac === mac && one.source === "agent",
  );
  const heard = view.fact("ip-neigh").filter((one) => one.lladdr === mac && one.dev === bridge.name);
  const all = [...told.map((one) => one.address), ...heard.map((one) => one.dst)];
  return [...new Set(all)].filter((address) => ipv4Number(address) !== undefined && !isLinkLocal(address));
}
