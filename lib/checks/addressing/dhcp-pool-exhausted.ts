import { ipv4Number } from "../../graph/ipv4";
import type { FactOf } from "../../probes/registry";
import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";

type Network = FactOf<"libvirt-networks">[number];
type Ip = Network["ips"][number];

/**
 * Every address that a libvirt network may give to a newcomer is leased. Addresses reserved for a MAC are given to nobody else; a range that is reserved as a whole is meant for these
 * guests only and never exhausted.
 */
export const check = defineCheck({
  id: "dhcp-pool-exhausted",
  layer: "addressing",
  title: { en: "DHCP range is used up", zh: "DHCP 地址池耗尽" },
  message: {
    en: "Network {network} on {bridge} has {free} of {total} addresses left in {range} (warned below {limit})",
    zh: "{bridge} 上的网络 {network} 在 {range} 中还剩 {total} 个地址中的 {free} 个（低于 {limit} 时告警）",
  },
  expected: { en: "At least {limit} free addresses in {range}", zh: "{range} 中至少有 {limit} 个空闲地址" },
  repair: {
    en: "Widen the range: virsh net-edit {network} (takes effect when the network starts anew), or virsh net-update {network} delete ip-dhcp-range and add ip-dhcp-range --live --config. Leases of guests that are gone: virsh net-dhcp-leases {network}.",
    zh: "扩大地址段：virsh net-edit {network}（网络重启后生效），或 virsh net-update {network} 先 delete 再 add ip-dhcp-range --live --config。查看已离开虚拟机的租约：virsh net-dhcp-leases {network}。",
  },
  explain: {
    en: "The next guest asks and gets no answer. Short-lived guests with new MACs fill a range in hours: each keeps its address for the whole lease.",
    zh: "下一个虚拟机请求地址时得不到应答。频繁创建、MAC 各异的虚拟机几小时内就能占满地址段：每个都会占用到租约结束。",
  },
  needs: ["libvirt-networks"],
  subjects: ["bridge"],
  settings: {
    free: {
      title: { en: "Free addresses worth a warning, percent of the range", zh: "告警的剩余比例" },
      default: 5,
      unit: "%",
      min: 1,
      max: 100,
    },
  },
  sources: [
    "https://libvirt.org/formatnetwork.html#addressing",
    "https://www.libvirt.org/manpages/virsh.html#net-dhcp-leases",
  ],
  lab: { case: "dhcp-pool-exhausted" },
  evaluate(bridge, view) {
    const network = view
      .factOrAbsent("libvirt-networks")
      ?.find((one) => one.active && one.bridge?.name === bridge.name);
    const ip = network?.ips.find((one) => one.family === "ipv4" && one.ranges.length > 0);
    if (!network || !ip || network.leases === undefined) return null;
    const { total, free } = pool(ip, network.leases);
    if (total === 0) return null;
    const limit = Math.max(1, Math.floor((total * view.setting("free")) / 100));
    if (free >= limit) return pass;
    const range = ip.ranges.map(({ start, end }) => `${start} - ${end}`).join(", ");
    return {
      status: free === 0 ? "fail" : "warn",
      cuts: false,
      params: { network: network.name, bridge: bridge.name, free, total, range, limit },
      evidence: [
        {
          command: commandLine(["virsh", "net-dhcp-leases", network.name]),
          excerpt: [
            ...network.leases.slice(0, 5).map((one) => `${one.mac} ${one.address}`),
            `${total - free} of ${total} in use`,
          ].join("\n"),
        },
      ],
    };
  },
});

/** Addresses of the ranges that a newcomer may get, and how many of them are free. */
function pool(ip: Ip, leases: NonNullable<Network["leases"]>): { total: number; free: number } {
  const ranges = ip.ranges.flatMap(({ start, end }) => {
    const [first, last] = [ipv4Number(start), ipv4Number(end)];
    return first === undefined || last === undefined || last < first ? [] : [{ first, last }];
  });
  const inRange = (address: string | undefined): number | undefined => {
    const number = ipv4Number(address ?? "");
    return ranges.some(({ first, last }) => number !== undefined && number >= first && number <= last)
      ? number
      : undefined;
  };
  const own = inRange(ip.address);
  const reserved = new Set(ip.hosts.flatMap((host) => inRange(host.ip) ?? []));
  if (own !== undefined) reserved.add(own);
  const taken = new Set(leases.flatMap((one) => inRange(one.address) ?? []).filter((number) => !reserved.has(number)));
  const total = ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0) - reserved.size;
  return { total, free: Math.max(0, total - taken.size) };
}
