import { ipv4Number, isLinkLocal } from "../../graph/ipv4";
import type { GraphNode } from "../../graph/model";
import type { OvsBridge, OvsPort } from "../../probes/ovs";
import type { FactOf } from "../../probes/registry";
import type { Param } from "../../wording";
import { type CheckView, defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { devicesOf, leadsOut, portsOfBridge, rowOf } from "../ovs";

/**
 * The VLAN of a guest's port is not the one that its XML names, or no port to the wire carries it. A VLAN that guests use among themselves only is not told from a forgotten one,
 * so the second is judged only while every port to the wire lists its trunks. Where no XML names a VLAN: the guest sends and nobody else is heard in its VLAN, while a guest of the same bridge
 * whose address lies in the same /24, or the host's own address there, is in another VLAN in which others are heard. One subnet in two VLANs alone is no fault (two tenants).
 */
export const check = defineCheck({
  id: "ovs-tag-mismatch",
  layer: "ovs",
  title: { en: "Port is in the wrong VLAN", zh: "端口所属 VLAN 不正确" },
  message: {
    en: "Port {port} of {bridge} carries {actual}, {wanted} by {source}: the guest is cut off from its peers",
    zh: "{bridge} 的端口 {port} 承载 {actual}，而 {source} 为 {wanted}：虚拟机与对端隔离",
  },
  expected: {
    en: "{port}, the guest's XML and the uplink agree on {wanted}",
    zh: "{port}、虚拟机 XML 与上行端口一致使用 {wanted}",
  },
  repair: {
    en: "Set what is right: ovs-vsctl set port {fixPort} {fix}. If the XML is wrong, change its <vlan> as well: libvirt sets the tag anew at each start.",
    zh: "改为正确的值：ovs-vsctl set port {fixPort} {fix}。如果 XML 有误，请同时修改其 <vlan>：libvirt 每次启动都会重新设置标签。",
  },
  explain: {
    en: "Open vSwitch delivers a frame only to ports of its VLAN. A port without a tag and without trunks carries all of them; a list of trunks leaves out every VLAN that it does not name. Without a <vlan> in the XML a wrong tag shows only while the guest is the only one heard in its VLAN and an address of its /24 lives in another; a VLAN that the switch outside does not carry cannot be seen from here.",
    zh: "Open vSwitch 只把帧送到同一 VLAN 的端口。没有 tag 也没有 trunks 的端口承载所有 VLAN；一旦列出 trunks，未列出的 VLAN 都会被丢弃。若 XML 中没有 <vlan>，只有当该虚拟机是其 VLAN 中唯一被听到的成员、且同一 /24 的地址位于另一 VLAN 时才能看出 tag 错误；外部交换机未承载的 VLAN 在此无法看到。",
  },
  needs: ["ovs"],
  optional: ["libvirt-domains", "ovs-flows"],
  subjects: ["ovs-port"],
  sources: [
    "https://docs.openvswitch.org/en/latest/ref/ovs-vswitchd.conf.db.5/",
    "https://libvirt.org/formatdomain.html#setting-vlan-tag-on-supported-network-types-only",
  ],
  lab: { case: "ovs-tag-mismatch" },
  evaluate(port, view) {
    // Long: each way in which a tag can differ has its own words and evidence.
    const row = rowOf(port, view.fact("ovs"));
    const xml = row && wantedBy(port, view);
    if (!row || leadsOut(port, view.graph) || !hasGuest(port, view)) return null;
    const show = {
      command: commandLine(["ovs-vsctl", "--columns=name,tag,trunks,vlan_mode", "list", "port", port.name]),
      excerpt: `name: ${port.name}  ${vlansText(row.port)}`,
    };
    if (xml && !agrees(row.port, xml)) {
      const wanted = wantedText(xml);
      return {
        status: "fail",
        params: {
          port: port.name,
          bridge: row.bridge.name,
          actual: vlansWords(row.port),
          wanted,
          source: { en: `the XML of ${xml.guest}`, zh: `${xml.guest} 的 XML` },
          fixPort: port.name,
          fix: wanted,
        },
        evidence: [show, { command: commandLine(["virsh", "dumpxml", xml.guest]), excerpt: `<vlan> ${wanted}` }],
      };
    }
    const stray = xml ? undefined : strayed(port, row, view);
    if (stray)
      return {
        status: "warn",
        params: {
          port: port.name,
          bridge: row.bridge.name,
          actual: vlansWords(row.port),
          wanted: tagText(stray.vlan),
          source: { en: `${stray.peer} of the same subnet`, zh: `同一子网的 ${stray.peer}` },
          fixPort: port.name,
          fix: tagText(stray.vlan),
        },
        evidence: [
          show,
          { command: commandLine(["ovs-appctl", "fdb/show", row.bridge.name]), excerpt: stray.heard.join("\n") },
        ],
        cuts: false,
      };
    const { tag } = row.port;
    const uplinks = portsOfBridge({ ...port, id: bridgeOf(port, view) }, view.graph).filter((one) =>
      leadsOut(one, view.graph),
    );
    const rows = uplinks.flatMap((one) => rowOf(one, view.fact("ovs"))?.port ?? []);
    if (tag === undefined || rows.length === 0 || rows.some((one) => carries(one, tag))) return pass;
    const [first] = rows;
    if (!first) return pass;
    const trunks = [...first.trunks, tag].sort((a, b) => a - b);
    return {
      status: "fail",
      params: {
        port: port.name,
        bridge: row.bridge.name,
        actual: `tag=${tag}`,
        wanted: vlansWords(first),
        source: { en: `uplink ${first.name}`, zh: `上行端口 ${first.name}` },
        fixPort: first.name,
        fix: first.tag === undefined ? `trunks=${trunks.join(",")}` : `tag=${tag}`,
      },
      evidence: [
        show,
        {
          command: commandLine(["ovs-vsctl", "--columns=name,tag,trunks,vlan_mode", "list", "port", first.name]),
          excerpt: `name: ${first.name}  ${vlansText(first)}`,
        },
      ],
    };
  },
});

interface Wanted {
  readonly guest: string;
  readonly trunk: boolean;
  readonly tags: readonly number[];
}

type View = CheckView<"ovs">;

interface Stray {
  readonly peer: string;
  readonly vlan: number;
  /** Lines of fdb/show that tell. */
  readonly heard: readonly string[];
}

const vnicsOf = (port: GraphNode, view: View): GraphNode[] =>
  devicesOf(port, view.graph).flatMap((device) =>
    view.graph
      .towardsGuest(device.id)
      .filter((edge) => edge.kind === "tap-vnic")
      .flatMap((edge) => view.graph.node(edge.to) ?? []),
  );

/** The first three numbers of the IPv4 addresses of a guest or of the host, without those that a host gives itself. */
const netsOf = (node: GraphNode): string[] =>
  (Array.isArray(node.attributes.addresses) ? node.attributes.addresses : [])
    .map(String)
    .filter((address) => ipv4Number(address.replace(/\/.*$/, "")) !== undefined && !isLinkLocal(address))
    .map((address) => address.slice(0, address.lastIndexOf(".")));

/** The VLAN of the guest's subnet, where the guest itself talks in another one in which nobody else is heard. */
function strayed(port: GraphNode, row: { bridge: OvsBridge; port: OvsPort }, view: View): Stray | undefined {
  const fdb = view.factIfRead("ovs-flows")?.find((one) => one.bridge === row.bridge.name)?.fdb;
  if (!fdb || !isAccess(row.port)) return undefined;
  const own = row.port.tag ?? 0;
  const vnics = vnicsOf(port, view);
  const macs = vnics.map((vnic) => vnic.attributes.mac);
  const mine = fdb.filter((entry) => macs.includes(entry.mac));
  if (mine.length === 0 || mine.some((entry) => entry.vlan !== own)) return undefined;
  if (fdb.some((entry) => entry.vlan === own && !macs.includes(entry.mac))) return undefined;
  const nets = new Set(vnics.flatMap(netsOf));
  const bridge = view.graph.node(bridgeOf(port, view));
  if (!bridge || nets.size === 0) return undefined;
  const others = [bridge, ...portsOfBridge(bridge, view.graph).filter((one) => one.id !== port.id)];
  for (const other of others) {
    const entry = row.bridge.ports.find((one) => one.name === other.name);
    const vlan = entry?.tag ?? 0;
    const stations = other === bridge ? [bridge] : vnicsOf(other, view);
    const near = stations.find((station) => netsOf(station).some((net) => nets.has(net)));
    if (!entry || !isAccess(entry) || vlan === own || !near) continue;
    const heard = fdb.filter((one) => one.vlan === vlan);
    if (new Set(heard.map((one) => one.mac)).size < 2) continue;
    const shown = [...mine, ...heard].slice(0, 8).map((one) => `${one.port}  ${one.vlan}  ${one.mac}`);
    return { peer: String(near.attributes.vm ?? near.name), vlan, heard: shown };
  }
  return undefined;
}

/** One VLAN and no more: without a tag that of untagged frames, as far as the guest sends no tags by itself. */
const isAccess = (port: OvsPort): boolean =>
  port.trunks.length === 0 && (port.vlan_mode === undefined || port.vlan_mode === "access");

const tagText = (vlan: number): string => (vlan === 0 ? "tag=[]" : `tag=${vlan}`);

const hasGuest = (port: GraphNode, view: View): boolean =>
  view.graph
    .towardsGuest(port.id)
    .some((edge) => view.graph.towardsGuest(edge.to).some((next) => next.kind === "tap-vnic"));

const bridgeOf = (port: GraphNode, view: View): string =>
  view.graph.towardsWire(port.id).find((edge) => view.graph.node(edge.from)?.kind === "ovs-bridge")?.from ?? "";

/** What libvirt's XML of the guest behind the port says; undefined where it says nothing, or a network gives the tag. */
function wantedBy(port: GraphNode, view: View): Wanted | undefined {
  for (const domain of view.factIfRead("libvirt-domains") ?? [])
    for (const nic of domain.interfaces)
      if (nic.target === port.name && nic.vlan && nic.vlan.tags.length > 0 && !hasNativeMode(nic.vlan))
        return { guest: domain.name, trunk: nic.vlan.trunk, tags: nic.vlan.tags.map((tag) => tag.id) };
  return undefined;
}

/** A native VLAN beside trunks has more forms than one (native-tagged, native-untagged): not judged. */
const hasNativeMode = (vlan: NonNullable<FactOf<"libvirt-domains">[number]["interfaces"][number]["vlan"]>): boolean =>
  vlan.tags.some((tag) => tag.nativeMode !== undefined);

function agrees(port: OvsPort, wanted: Wanted): boolean {
  if (!wanted.trunk) return port.tag === wanted.tags[0];
  return port.tag === undefined && wanted.tags.every((tag) => port.trunks.length === 0 || port.trunks.includes(tag));
}

/** Whether a port to the wire passes frames of this VLAN. An access port carries one; trunk and native modes what they list, or all. */
function carries(port: OvsPort, vlan: number): boolean {
  if (port.tag === vlan) return true;
  if (port.tag !== undefined && (port.vlan_mode === undefined || port.vlan_mode === "access")) return false;
  return port.trunks.length === 0 || port.trunks.includes(vlan);
}

const wantedText = ({ trunk, tags }: Wanted): string => (trunk ? `trunks=${tags.join(",")}` : `tag=${tags[0]}`);

/** The same in a sentence. */
const vlansWords = (port: OvsPort): Param => {
  const text = vlansText(port);
  return text === everything ? { en: text, zh: "全部 VLAN（无 tag）" } : text;
};

const everything = "no tag, all VLANs";

const vlansText = (port: OvsPort): string =>
  [
    port.tag === undefined ? undefined : `tag=${port.tag}`,
    port.trunks.length === 0 ? undefined : `trunks=${port.trunks.join(",")}`,
    port.vlan_mode === undefined ? undefined : `vlan_mode=${port.vlan_mode}`,
  ]
    .filter((part) => part !== undefined)
    .join(" ") || everything;
