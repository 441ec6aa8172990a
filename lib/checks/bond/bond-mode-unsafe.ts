import type { GraphView } from "../../graph/view";
import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { isElsewhere } from "../layer2";

const unsafe: ReadonlySet<string> = new Set(["balance-rr", "balance-tlb", "balance-alb", "broadcast"]);

/**
 * Modes that send by several ports without the switch knowing, under a bridge of guests: the bond itself, a VLAN over it, or a port of Open vSwitch. balance-xor and 802.3ad are for a switch
 * with a channel; active-backup for any.
 */
export const check = defineCheck({
  id: "bond-mode-unsafe",
  layer: "bond",
  title: { en: "Bond mode is unsafe under a bridge", zh: "绑定模式不适合网桥" },
  message: {
    en: "{bond} carries {bridge} in mode {mode}: guests' MACs scatter over its links",
    zh: "{bond} 以 {mode} 模式承载 {bridge}：虚拟机的 MAC 会散布到各条链路",
  },
  expected: {
    en: "{bond} under {bridge} is active-backup, 802.3ad or balance-xor",
    zh: "{bridge} 下的 {bond} 使用 active-backup、802.3ad 或 balance-xor",
  },
  repair: {
    en: "Change the mode of {bond} in the boot configuration: active-backup with any switch, 802.3ad with LACP on the switch; then restart networking in a maintenance window (the mode can only be changed while the bond has no members).",
    zh: "在启动配置中修改 {bond} 的模式：任意交换机可用 active-backup，交换机启用 LACP 时用 802.3ad；然后在维护窗口重启网络（只有绑定没有成员时才能修改模式）。",
  },
  explain: {
    en: "These modes balance by the bond's own addresses or packet by packet. A bridge sends frames with the MACs of its guests: the switch then sees one MAC on several ports and moves it all the time, and guests lose frames at random. balance-rr is what the kernel takes when no mode is given.",
    zh: "这些模式按绑定自身地址或逐包分担。网桥发出的帧带有虚拟机的 MAC：交换机会在多个端口看到同一 MAC 并不断迁移，虚拟机随机丢帧。未指定模式时内核默认使用 balance-rr。",
  },
  needs: ["bond"],
  subjects: ["bond"],
  sources: [
    "https://docs.kernel.org/networking/bonding.html",
    "https://docs.redhat.com/en/documentation/red_hat_enterprise_linux/9/html/configuring_and_managing_networking/configuring-a-network-bond_configuring-and-managing-networking",
  ],
  lab: { case: "bond-mode-unsafe" },
  evaluate(subject, view) {
    if (isElsewhere(subject)) return null;
    const bond = view.fact("bond").find((entry) => entry.ifname === subject.name);
    const above = bridgeOver(subject.id, view.graph);
    if (!bond || !above || bond.members.length < 2) return null;
    if (!unsafe.has(bond.mode)) return pass;
    return {
      status: "warn",
      params: { bond: bond.ifname, bridge: above, mode: bond.mode },
      evidence: [
        {
          command: commandLine(["cat", `/proc/net/bonding/${bond.ifname}`]),
          excerpt: `Bonding Mode: ${bond.modeText}`,
        },
      ],
    };
  },
});

/** Name of a bridge, of Linux or Open vSwitch, that frames of this device come from: it, or a VLAN over it, is the bridge's way out. */
function bridgeOver(id: string, graph: GraphView, below: readonly string[] = []): string | undefined {
  // What a host tells of parents may go in a circle.
  if (below.includes(id)) return undefined;
  const ovs = graph.towardsWire(id).find((edge) => edge.kind === "ovs-port" && edge.present);
  const port = ovs && graph.node(ovs.from);
  if (port) return typeof port.attributes.bridge === "string" ? port.attributes.bridge : port.name;
  for (const edge of graph.towardsGuest(id)) {
    if (!edge.present) continue;
    if (edge.kind === "uplink") return graph.node(edge.to)?.name ?? edge.to;
    const beyond = edge.kind === "vlan-parent" ? bridgeOver(edge.to, graph, [...below, id]) : undefined;
    if (beyond !== undefined) return beyond;
  }
  return undefined;
}
