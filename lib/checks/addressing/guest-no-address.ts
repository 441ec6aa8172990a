import { ipv4Number, isLinkLocal } from "../../graph/ipv4";
import type { GraphNode } from "../../graph/model";
import { type CheckView, defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { lasting } from "../growth";
import { bridgeOf, guestOf, networkOf } from "../guest-network";

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
