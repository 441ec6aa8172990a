import { ipv4Number, subnetOf, subnetText } from "../../graph/ipv4";
import type { GraphNode } from "../../graph/model";
import type { DhcpAnswer, DhcpSegment } from "../../probes/dhcp-answers";
import { type CheckView, defineCheck, pass, unknown } from "../define";
import { commandLine } from "../evidence";
import { isElsewhere } from "../layer2";
import { uncaptured } from "../unjudged";

/**
 * DHCP servers on one segment that contradict each other: their offers are of different subnets, or name different gateways. Two that agree are a failover pair, and no fault; how many may
 * agree is a setting. Sending a Discover is the host owner's to allow: where it is not, the check does not apply, and says nothing.
 */
export const check = defineCheck({
  id: "dhcp-rogue",
  layer: "addressing",
  title: { en: "Two DHCP servers on one segment", zh: "同一网段有两个 DHCP 服务器" },
  message: {
    en: "{count} DHCP servers answer on {bridge} ({allowed} may, if they agree): {servers}",
    zh: "{bridge} 上有 {count} 个 DHCP 服务器应答（一致时最多允许 {allowed} 个）：{servers}",
  },
  expected: {
    en: "One DHCP server on {bridge}, or a pair that gives out the same subnet and the same gateway",
    zh: "{bridge} 上只有一个 DHCP 服务器，或分配相同子网和网关的一对服务器",
  },
  repair: {
    en: "Find the owner of {strangers}, by MAC and port, and switch its DHCP server off: in a guest its dnsmasq or connection sharing, elsewhere a router plugged in by its LAN side. Until then cut it off: ebtables -A FORWARD -s MAC -p IPv4 --ip-protocol udp --ip-source-port 67 -j DROP. Guests that took its lease must renew.",
    zh: "按 MAC 和端口找到 {strangers} 的所有者并关闭其 DHCP 服务：虚拟机中可能是 dnsmasq 或连接共享，其他位置可能是 LAN 口误接的路由器。在此之前可先隔离：ebtables -A FORWARD -s MAC -p IPv4 --ip-protocol udp --ip-source-port 67 -j DROP。已获得其租约的虚拟机需重新获取。",
  },
  explain: {
    en: "A guest takes the first offer that comes. With a stranger's it has an address of another subnet or sends everything to the stranger as its gateway, now and then and after each renewal. To let Taproot ask (one Discover, never a Request, no lease is taken), make the file /etc/taproot/ask-dhcp on the host; without it this check does not apply.",
    zh: "虚拟机采用最先到达的应答。若来自陌生服务器，就会得到其他子网的地址，或把流量都交给它转发，而且时有时无。要允许 Taproot 主动询问（只发一个 Discover，从不发 Request，不占用租约），请在主机上创建文件 /etc/taproot/ask-dhcp；没有该文件时此检查不适用。",
  },
  needs: ["dhcp-answers"],
  optional: ["bridge-fdb", "libvirt-networks"],
  subjects: ["bridge", "ovs-bridge"],
  settings: {
    servers: {
      title: { en: "DHCP servers that may answer, if they agree", zh: "允许应答的 DHCP 服务器数（须一致）" },
      default: 2,
      unit: "",
      min: 1,
      max: 16,
    },
  },
  sources: ["https://www.rfc-editor.org/rfc/rfc2131", "https://libvirt.org/formatnwfilter.html"],
  lab: { case: "dhcp-rogue" },
  evaluate(bridge, view) {
    if (isElsewhere(bridge)) return null;
    const segment = view.fact("dhcp-answers").find((one) => one.dev === bridge.name);
    if (!segment) return null;
    const offers = segment.answers.filter((one) => one.kind === "offer" || one.kind === "ack");
    const servers = [...new Map(offers.map((one) => [one.server, one])).values()];
    const allowed = view.setting("servers");
    if (servers.length < 2 || (agree(servers) && servers.length <= allowed)) return silent(segment) ?? pass;
    const own = view
      .factIfRead("libvirt-networks")
      ?.find((one) => one.active && one.bridge?.name === bridge.name)
      ?.ips.map((one) => one.address);
    const strangers = servers.filter((one) => !own?.includes(one.server));
    const name = (one: DhcpAnswer) => `${one.server} (${placeOf(one, bridge, view)})`;
    return {
      status: agree(servers) ? "warn" : "fail",
      cuts: false,
      params: {
        bridge: bridge.name,
        count: servers.length,
        allowed,
        servers: servers.map((one) => `${name(one)} ${offerOf(one)}`).join("; "),
        strangers: (strangers.length > 0 ? strangers : servers).map(name).join(", "),
      },
      evidence: [
        {
          command: commandLine(
            ["tcpdump", "-p", "-n", "-e", "-vv", "-i", bridge.name, "udp src port 67 and udp dst port 68"],
            bridge.attributes,
          ),
          excerpt: servers.map((one) => `${one.mac} ${one.server}.67: ${one.kind} ${offerOf(one)}`).join("\n"),
        },
      ],
      alsoOn: ownersOf(strangers, view),
    };
  },
});

type View = CheckView<"dhcp-answers">;

/** Why silence, or a single voice, proves nothing; undefined where the question was asked. */
function silent(segment: DhcpSegment) {
  switch (segment.how) {
    case "asked":
      return undefined;
    case "unsent":
      return unknown({
        en: "the DHCP Discover could not be sent (no perl on the host, or the socket was refused)",
        zh: "无法发送 DHCP Discover（主机上没有 perl，或套接字被拒绝）",
      });
    case "deaf":
      return unknown(uncaptured(segment.dev));
  }
}

/** Same subnet, same gateways: whichever a guest takes, it works. */
function agree(servers: readonly DhcpAnswer[]): boolean {
  const said = servers.map((one) => {
    const subnet = one.address === undefined ? undefined : subnetOf(one.address, one.prefix ?? 32);
    return `${subnet ? subnetText(subnet) : "-"} ${[...one.routers].sort().join(",")}`;
  });
  return new Set(said).size === 1;
}

const offerOf = (one: DhcpAnswer): string =>
  `-> ${one.address ?? "-"}${one.prefix === undefined ? "" : `/${one.prefix}`} via ${one.routers.filter((router) => ipv4Number(router) !== undefined).join(", ") || "-"}`;

/** MAC, and the port of the bridge that it is behind. */
function placeOf(one: DhcpAnswer, bridge: GraphNode, view: View): string {
  const entry = view.factIfRead("bridge-fdb")?.find((fdb) => fdb.mac === one.mac && fdb.master === bridge.name);
  return [one.mac, ...(entry?.ifname === undefined ? [] : [entry.ifname])].join(", ");
}

/** Guests of ours that answer. */
function ownersOf(strangers: readonly DhcpAnswer[], view: View): string[] {
  const macs = new Set(strangers.map((one) => one.mac));
  return view.graph
    .ofKind("vnic")
    .filter((vnic) => typeof vnic.attributes.mac === "string" && macs.has(vnic.attributes.mac))
    .map((vnic) => vnic.id);
}
