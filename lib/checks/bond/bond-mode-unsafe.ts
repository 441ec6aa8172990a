import type { Facts } from "../../facts/facts";
import type { GraphView } from "../../graph/view";
import { setBond } from "../bridge-examples";
import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { isElsewhere } from "../layer2";
import { ovsHost, ovsInterface, ovsPort } from "../ovs-examples";
import { addLinks, bondHost, edit, enslaved, setLink, unread, vlan } from "../testing";

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
  reach: "host",
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
  examples: {
    bad: [
      { name: "balance-alb under br0", expect: "warn", facts: mode("balance-alb"), subject: "bond/bond0" },
      { name: "balance-rr, the default", expect: "warn", facts: mode("balance-rr"), subject: "bond/bond0" },
      { name: "by a VLAN over the bond", expect: "warn", facts: byVlan("balance-alb", "br0"), subject: "bond/bond0" },
      { name: "under Open vSwitch", expect: "warn", facts: underOvs("balance-tlb", "bond0"), subject: "bond/bond0" },
      {
        name: "by a VLAN under Open vSwitch",
        expect: "warn",
        facts: underOvs("balance-rr", "bond0.20"),
        subject: "bond/bond0",
      },
    ],
    good: [
      { name: "active-backup", expect: "pass", facts: bondHost(), subject: "bond/bond0" },
      { name: "802.3ad", expect: "pass", facts: mode("802.3ad"), subject: "bond/bond0" },
      {
        name: "balance-alb for the host alone",
        expect: "not-applicable",
        facts: setLink(mode("balance-alb"), "bond0", { master: undefined }),
        subject: "bond/bond0",
      },
      {
        name: "balance-alb with the host's own VLAN on it",
        expect: "not-applicable",
        facts: byVlan("balance-alb", undefined),
        subject: "bond/bond0",
      },
      {
        name: "802.3ad by a VLAN",
        expect: "pass",
        facts: byVlan("802.3ad", "br0"),
        subject: "bond/bond0",
      },
      {
        name: "active-backup under Open vSwitch",
        expect: "pass",
        facts: underOvs("active-backup", "bond0"),
        subject: "bond/bond0",
      },
      {
        name: "Open vSwitch has another NIC",
        expect: "not-applicable",
        facts: underOvs("balance-alb", "mgmt0"),
        subject: "bond/bond0",
      },
      {
        name: "one member: nothing to balance",
        expect: "not-applicable",
        facts: setBond(mode("balance-rr"), (bond) => ({ ...bond, members: bond.members.slice(0, 1) })),
        subject: "bond/bond0",
      },
    ],
    unknown: [
      {
        name: "/proc/net/bonding not read",
        expect: "unknown",
        facts: unread(bondHost(), "bond"),
        subject: "bond/bond0",
      },
    ],
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

/** bond0 -> bond0.20, which is the bridge's port, or the host's own. */
function byVlan(name: string, master: string | undefined): Facts {
  const bare = setLink(mode(name), "bond0", (one) => ({ ...one, master: undefined }));
  const over = vlan(30, "bond0.20", "bond0", 20);
  return addLinks(bare, master === undefined ? over : enslaved(over, master));
}

/** The same bond, and a bridge of Open vSwitch that has `device` as its port to the wire. */
function underOvs(name: string, device: string): Facts {
  const { ovs } = edit(ovsHost(), "ovs", (value) => ({
    ...value,
    bridges: value.bridges.map((one) => ({
      ...one,
      ports: [...one.ports.filter((port) => port.name === "ovsbr0"), ovsPort(device, [ovsInterface(device, 1)])],
    })),
  }));
  return { ...byVlan(name, undefined), ovs };
}

function mode(name: string): Facts {
  return setBond(bondHost(), (bond) => ({ ...bond, mode: name, modeText: name }));
}
