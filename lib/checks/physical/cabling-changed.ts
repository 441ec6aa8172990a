import type { GraphEdge, GraphNode } from "../../graph/model";
import type { FactOf } from "../../probes/registry";
import { filled, type Wording } from "../../wording";
import { type CheckView, defineCheck, type Evidence, pass, type Verdict } from "../define";
import { commandLine } from "../evidence";

export type Neighbour = FactOf<"lldp">[number];

const nobody = "00:00:00:00:00:00";
const moves: Wording = {
  en: "since {hours} h; before, it was on another port (reported for {limit} h)",
  zh: "自 {hours} 小时前起；之前在另一个端口（提示保留 {limit} 小时）",
};
const split: Wording = {
  en: "{other} of the same {bond} is on {far}, and the two switches are no pair (LACP partners {own} and {main})",
  zh: "同一 {bond} 的 {other} 连接到 {far}，两台交换机不是一对（LACP 对端为 {own} 和 {main}）",
};

/**
 * The switch port at the other end of a NIC is another one than before. What was seen for longer than the window is the new truth: re-cabling that was meant is accepted by itself. A NIC
 * that hears several neighbours (a hub, a phone) or none is not judged.
 *
 * Or the members of one LACP bond land on two switches that are no pair: both the neighbours' chassis and the LACP partners differ, and so do the aggregators. LLDP alone cannot tell: the two
 * switches of an MLAG or vPC pair have a chassis each and speak LACP as one system, the members of a stack are one chassis. Bonds without LACP may well span two switches.
 */
export const check = defineCheck({
  id: "cabling-changed",
  layer: "physical",
  title: { en: "Cable leads to another switch port", zh: "网线连到了另一个交换机端口" },
  message: {
    en: "{nic} is on {peer}: {what}",
    zh: "{nic} 连接到 {peer}：{what}",
  },
  expected: {
    en: "{nic} stays on the switch port that it was on, and on the same switch, or pair of switches, as the rest of its LACP bond",
    zh: "{nic} 保持在原来的交换机端口，并与其 LACP 绑定的其他成员在同一台（或同一对）交换机上",
  },
  repair: {
    en: "If nobody meant to move it: put the cable of {nic} back, or give {peer} the VLANs, LACP group and MTU of the old port. If it was meant, nothing is to be done: after {limit} h this is the new baseline. A member of an LACP bond belongs on the switch of the others.",
    zh: "若并非有意改动：将 {nic} 的网线插回原处，或让 {peer} 具备原端口的 VLAN、LACP 组和 MTU。若是有意的则无需处理：{limit} 小时后自动作为新的基线。LACP 绑定的成员应接到其他成员所在的交换机。",
  },
  explain: {
    en: "Most trouble after work in a rack is a cable in the wrong port: it has link, and another configuration. LLDP names the port at the other end, and Taproot compares it with the earlier one. A new port is taken as the baseline by itself once it has been seen for so many hours; there is no button for it. Members of an LACP bond on two switches are reported where LLDP and LACP agree that the switches are no pair.",
    zh: "机柜作业后的故障大多是网线插错端口：有链路，但配置不同。LLDP 告知对端是谁，此检查将其与之前的对端比较。新端口持续出现设定的小时数后自动成为基线，没有手工接受的按钮。当 LLDP 与 LACP 均表明两台交换机不是一对时，会提示 LACP 绑定的成员分处两台交换机。",
  },
  needs: ["lldp"],
  optional: ["bond"],
  subjects: ["nic", "veth"],
  settings: {
    hours: {
      title: { en: "Hours for which a move is reported", zh: "改动提示保留小时数" },
      default: 24,
      unit: "h",
      min: 1,
      max: 168,
    },
  },
  track: {
    port: { windowMs: 7 * 86_400_000, sample: (nic, view) => numberOf(neighbourAt(nic, view)) },
  },
  sources: ["https://lldpd.github.io/usage.html", "https://standards.ieee.org/ieee/802.1AB/6047/"],
  lab: { case: "cabling-changed" },
  evaluate(nic, view) {
    view.factOrAbsent("lldp");
    const peer = neighbourAt(nic, view);
    const strayed = peer && alone(nic.name, peer, view);
    if (strayed) return strayed;
    const samples = view.samples("port");
    const last = samples.at(-1);
    if (!peer || !last) return null;
    // Runs from the newest back: this port, the one before it, and whether this one was seen before that (a cable that is back where it was).
    let since = last.at;
    let before: number | undefined;
    let back = false;
    for (const sample of samples.toReversed()) {
      if (before === undefined && sample.value === last.value) since = sample.at;
      else if (sample.value === last.value) back = true;
      else before ??= sample.value;
    }
    const moved = before !== undefined && !back;
    if (!moved || view.now - since > view.setting("hours") * 3_600_000) return pass;
    const hours = Math.round((view.now - since) / 360_000) / 10;
    return {
      status: "warn",
      params: {
        nic: nic.name,
        peer: nameOf(peer),
        what: filled(moves, { hours, limit: view.setting("hours") }),
        limit: view.setting("hours"),
      },
      evidence: [heardBy(nic.name, peer)],
    };
  },
});

const nameOf = ({ chassis, port }: Neighbour): string =>
  `${chassis.name ?? chassis.id ?? "?"} ${port.id ?? port.descr ?? "?"}`;

const heardBy = (nic: string, { chassis, port }: Neighbour): Evidence => ({
  command: commandLine(["lldpcli", "show", "neighbors", "ports", nic]),
  excerpt: `ChassisID: ${chassis.id ?? "-"}  SysName: ${chassis.name ?? "-"}  PortID: ${port.id ?? "-"}`,
});

/** This member of an LACP bond is on another switch than those of the aggregator in use, by LLDP and by LACP. */
function alone(name: string, peer: Neighbour, view: CheckView<"lldp">): Verdict | undefined {
  const bond = view.factIfRead("bond")?.find((one) => one.members.some((member) => member.ifname === name));
  const own = bond?.members.find((member) => member.ifname === name);
  const main = bond?.lacp?.aggregator;
  if (bond?.mode !== "802.3ad" || !own || !main || own.miiStatus !== "up" || own.aggregatorId === main.id)
    return undefined;
  const partner = own.partner?.systemMac;
  if (partner === undefined || partner === nobody || main.partnerMac === nobody || partner === main.partnerMac)
    return undefined;
  for (const other of bond.members) {
    if (other.aggregatorId !== main.id || other.miiStatus !== "up") continue;
    const heard = view.fact("lldp").filter((one) => one.ifname === other.ifname && (one.via ?? "LLDP") === "LLDP");
    const [far] = heard;
    if (!far || heard.length !== 1 || far.chassis.id === undefined || peer.chassis.id === undefined) continue;
    if (far.chassis.id === peer.chassis.id) continue;
    const limit = view.setting("hours");
    return {
      status: "warn",
      params: {
        nic: name,
        peer: nameOf(peer),
        what: filled(split, {
          bond: bond.ifname,
          other: other.ifname,
          far: nameOf(far),
          own: partner,
          main: main.partnerMac,
        }),
        limit,
      },
      evidence: [
        heardBy(name, peer),
        heardBy(other.ifname, far),
        {
          command: commandLine(["cat", `/proc/net/bonding/${bond.ifname}`]),
          excerpt: `${other.ifname}: Aggregator ID: ${main.id}, partner ${main.partnerMac}\n${name}: Aggregator ID: ${own.aggregatorId ?? "-"}, partner ${partner}`,
        },
      ],
    };
  }
  return undefined;
}

/** The one LLDP neighbour at this NIC. */
function neighbourAt(nic: GraphNode | GraphEdge, view: CheckView<"lldp">): Neighbour | undefined {
  if (!("name" in nic) || nic.attributes.netns !== undefined) return undefined;
  if (nic.kind === "veth" && nic.attributes.playsNic !== true) return undefined;
  const all = (view.factOrAbsent("lldp") ?? []).filter(
    (one) => one.ifname === nic.name && (one.via ?? "LLDP") === "LLDP",
  );
  return all.length === 1 ? all[0] : undefined;
}

/** FNV-1a of chassis and port: tracks hold numbers. */
export function numberOf(neighbour: Neighbour | undefined): number | undefined {
  if (neighbour?.chassis.id === undefined || neighbour.port.id === undefined) return undefined;
  let hash = 0x811c9dc5;
  for (const char of `${neighbour.chassis.id}\n${neighbour.port.id}`)
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}
