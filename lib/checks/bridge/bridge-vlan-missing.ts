import type { GraphNode } from "../../graph/model";
import type { Param } from "../../wording";
import { defineEdgeCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { carriesVlan, dataOf, isElsewhere, linkNamed, portsOfBridge, pvidOf, vlanLine, vlanList } from "../layer2";

/**
 * On a bridge that filters VLANs, a guest's frames pass only where both its own port and the uplink are members of its VLAN. Not a fault: a VLAN that the host itself serves
 * (the bridge is a member: routed here), a bridge without any uplink. A VLAN that several guests share and no uplink has may be meant to be internal: warn.
 */
export const check = defineEdgeCheck({
  id: "bridge-vlan-missing",
  layer: "bridge",
  title: { en: "VLAN missing on a bridge port", zh: "网桥端口缺少 VLAN" },
  message: {
    en: "VLAN {vlan} of {port} is missing on {where} of {bridge}: {what}",
    zh: "{bridge} 的 {where} 上缺少 {port} 的 VLAN {vlan}：{what}",
  },
  expected: {
    en: "{port} has the PVID that its guest needs, and an uplink of {bridge} is a member of VLAN {vlan}",
    zh: "{port} 具有虚拟机所需的 PVID，且 {bridge} 的上行端口属于 VLAN {vlan}",
  },
  repair: {
    en: "Add it: bridge vlan add dev {where} vid {vlan} {flags}. Set the same in the boot configuration (bridge-vids, BridgeVLAN) or the domain XML, and see that the switch port behind it is tagged for VLAN {vlan}.",
    zh: "添加：bridge vlan add dev {where} vid {vlan} {flags}。同时写入启动配置（bridge-vids、BridgeVLAN）或虚拟机 XML，并确认对端交换机端口已为 VLAN {vlan} 打标签。",
  },
  explain: {
    en: "A bridge with vlan_filtering drops every frame whose VLAN the port is no member of, without a word. An untagged frame gets the port's PVID; a port without PVID drops it.",
    zh: "启用 vlan_filtering 的网桥会悄悄丢弃端口不属于其 VLAN 的帧。未打标签的帧使用端口的 PVID；没有 PVID 的端口会将其丢弃。",
  },
  needs: ["ip-link", "bridge-vlan"],
  optional: ["libvirt-domains"],
  subjects: ["edge:bridge-port"],
  sources: [
    "https://docs.kernel.org/networking/bridge.html#vlan",
    "https://man7.org/linux/man-pages/man8/bridge.8.html",
    "https://libvirt.org/formatdomain.html#setting-vlan-tag-on-supported-network-types-only",
  ],
  lab: { case: "bridge-vlan-missing" },
  evaluate(edge, view) {
    const on = view.graph.node(edge.from);
    const port = view.graph.node(edge.to);
    const links = view.fact("ip-link");
    if (!edge.present || port?.kind !== "tap" || !on || isElsewhere(on)) return null;
    if (dataOf(linkNamed(links, on.name), "vlan_filtering") !== 1) return null;
    const table = view.fact("bridge-vlan");
    const of = (name: string) => table.find((entry) => entry.ifname === name);
    const own = of(port.name);
    const show = (name: string) => ({
      command: commandLine(["bridge", "vlan", "show", "dev", name]),
      excerpt: vlanLine(name, of(name)),
    });
    const wanted = toldTag(port, view.factIfRead("libvirt-domains") ?? []);
    const pvid = pvidOf(own);
    const base = { port: port.name, bridge: on.name };
    const access = { flags: "pvid untagged", where: port.name };
    if (wanted !== undefined && pvid?.vlan !== wanted)
      return fail({ ...base, ...access, vlan: wanted, what: `PVID ${pvid?.vlan ?? "-"}` }, [show(port.name)]);
    if (pvid && !pvid.untagged)
      return fail(
        {
          ...base,
          ...access,
          vlan: pvid.vlan,
          what: { en: "PVID, not Egress Untagged", zh: "是 PVID，但不是 Egress Untagged" },
        },
        [show(port.name)],
      );
    if (!own || own.vlans.length === 0) {
      const vlan = wanted ?? Number(dataOf(linkNamed(links, on.name), "vlan_default_pvid") ?? 1);
      return fail({ ...base, ...access, vlan, what: "VLAN -" }, [show(port.name)]);
    }
    const { uplinks, others } = portsOfBridge(view.graph, on.id);
    // Tagged by the guest itself: which of its VLANs it uses is not known here.
    if (!pvid || uplinks.length === 0) return pass;
    const vlan = pvid.vlan;
    if (uplinks.some((uplink) => carriesVlan(of(uplink.name), vlan)) || carriesVlan(of(on.name), vlan)) return pass;
    const [uplink] = uplinks;
    if (!uplink) return pass;
    const shared = others.some((other) => other.id !== port.id && carriesVlan(of(other.name), vlan));
    const params = { ...base, vlan, where: uplink.name, flags: "", what: `VLAN ${vlanList(of(uplink.name))}` };
    const evidence = [show(uplink.name), show(port.name)] as const;
    if (shared) return { status: "warn", params, evidence: [...evidence] };
    return fail(params, evidence);
  },
});

interface Missing {
  readonly port: string;
  readonly bridge: string;
  readonly vlan: number;
  /** The port on which it has to be added. */
  readonly where: string;
  readonly flags: string;
  readonly what: Param;
}

function fail(params: Missing, evidence: readonly { command: string; excerpt: string }[]) {
  const [first = { command: "bridge vlan show", excerpt: "-" }, ...more] = evidence;
  return { status: "fail", params: { ...params }, evidence: [first, ...more] } as const;
}

/** The one tag that libvirt's XML gives to the guest's NIC behind this TAP (access port). */
function toldTag(
  tap: GraphNode,
  domains: readonly {
    interfaces: readonly { mac?: string; vlan?: { trunk: boolean; tags: readonly { id: number }[] } }[];
  }[],
): number | undefined {
  for (const { interfaces } of domains)
    for (const nic of interfaces)
      if (nic.vlan && !nic.vlan.trunk && nic.mac !== undefined && nic.mac === tap.attributes.guestMac)
        return nic.vlan.tags[0]?.id;
  return undefined;
}
