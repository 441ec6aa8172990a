import type { BondMember } from "../../probes/bond";
import { listed, type Wording } from "../../wording";
import { type CheckView, defineCheck, pass, unknown } from "../define";
import { commandLine } from "../evidence";
import { lasting } from "../growth";
import { isElsewhere, linkNamed, numberOf, portData } from "../layer2";

export const nobody = "00:00:00:00:00:00";
/** Bits of the port state of IEEE 802.1AX. */
const synchronised = 8;
const collecting = 16;
const distributing = 32;
const passing = synchronised | collecting | distributing;

/**
 * LACP did not come about with the switch, or not on every member that has link, or the switch holds a port back: a partner that does not collect drops what this end sends, one that does
 * not distribute sends nothing (a hot-standby port of a channel with a limit, a channel below its least number of ports). Negotiation takes up to some 90 s after the link came up: it counts
 * once the kernel's own churn detection (60 s) says so, or after it has lasted. A member without link is `bond-member-down`.
 *
 * /proc/net/bonding shows the ends to root only; netlink shows the two port states to everybody (bond_netlink.c, bond_fill_slave_info). Where neither was seen, nothing is passed.
 */
export const check = defineCheck({
  id: "bond-lacp-failed",
  layer: "bond",
  title: { en: "LACP is not negotiated", zh: "LACP 协商失败" },
  message: {
    en: "{bond}: {members} (of {all} members) in no aggregate with the switch ({why})",
    zh: "{bond}：{all} 个成员中的 {members} 未与交换机形成聚合（{why}）",
  },
  expected: {
    en: "Every member of {bond} has the same partner, and both ends are collecting and distributing",
    zh: "{bond} 的每个成员具有相同的对端，且两端都处于 collecting 和 distributing 状态",
  },
  repair: {
    en: "On the switch, put the ports of {members} into one channel group with LACP (interface range ...; channel-group N mode active), same speed, same VLANs; with two switches they must be a pair (MLAG, vPC). On the host: cat /proc/net/bonding/{bond}. Without LACP on the switch, use active-backup instead.",
    zh: "在交换机上将 {members} 所接端口加入同一个启用 LACP 的聚合组（interface range ...；channel-group N mode active），速率和 VLAN 一致；若接两台交换机，它们必须是一对（MLAG、vPC）。主机上查看：cat /proc/net/bonding/{bond}。若交换机不支持 LACP，请改用 active-backup。",
  },
  explain: {
    en: "Without a partner the kernel keeps one member in use and the others idle: less bandwidth, and the switch, which knows nothing of a bond, may send to a member that does not listen. A partner MAC of all zero means that the switch sends no LACP at all. A partner whose port state lacks collecting (16) or distributing (32) holds that port back: hot standby, too few ports in its channel, or suspended.",
    zh: "没有对端时内核只使用一个成员，其余闲置：带宽降低，而不知道绑定的交换机可能把帧发到不接收的成员。对端 MAC 全零表示交换机根本没有发送 LACP。对端端口状态缺少 collecting（16）或 distributing（32）表示交换机未启用该端口：热备、聚合组端口数不足或被挂起。",
  },
  needs: ["bond"],
  optional: ["ip-link"],
  subjects: ["bond"],
  settings: {
    settle: {
      title: { en: "Seconds that negotiation may take", zh: "协商允许的秒数" },
      default: 30,
      unit: "s",
      min: 5,
      max: 300,
    },
  },
  track: {
    apart: {
      windowMs: 300_000,
      sample: (subject, view) => {
        const bond = stateOf(subject.id, view);
        return bond ? (apart(ends(bond.members, view), bond.lacp?.aggregator?.id).length > 0 ? 1 : 0) : undefined;
      },
    },
  },
  sources: [
    "https://docs.kernel.org/networking/bonding.html",
    "https://github.com/torvalds/linux/blob/v6.1/drivers/net/bonding/bond_3ad.c",
    "https://github.com/torvalds/linux/blob/v6.1/drivers/net/bonding/bond_netlink.c",
  ],
  lab: { case: "bond-lacp-failed" },
  evaluate(subject, view) {
    if (isElsewhere(subject)) return null;
    const bond = view.fact("bond").find((entry) => entry.ifname === subject.name);
    if (bond?.mode !== "802.3ad") return null;
    const live = bond.members.filter((member) => member.miiStatus === "up");
    if (live.length === 0) return null;
    const bad = apart(ends(bond.members, view), bond.lacp?.aggregator?.id);
    if (bad.length === 0) {
      if (ends(live, view).some((end) => end.partnerState === undefined))
        return unknown(
          {
            en: "{bond}: the kernel shows the LACP partner to root only",
            zh: "{bond}：内核只向 root 显示 LACP 对端",
          },
          { bond: bond.ifname },
        );
      return pass;
    }
    const settled =
      bad.some(({ member }) => member.partnerChurn === "churned" || member.actorChurn === "churned") ||
      lasting(view.samples("apart"), view.now) >= view.setting("settle") * 1000;
    if (!settled) return null;
    return {
      status: "fail",
      params: {
        bond: bond.ifname,
        members: bad.map(({ member }) => member.ifname).join(", "),
        all: bond.members.length,
        why: listed([...new Map(bad.map(({ why }) => [why.en, why])).values()]),
      },
      evidence: [
        {
          command: commandLine(["cat", `/proc/net/bonding/${bond.ifname}`]),
          excerpt: bad.map(({ member, partnerState }) => lines(member, partnerState)).join("\n"),
        },
      ],
      // One member goes on by itself: guests are not cut off.
      cuts: false,
    };
  },
});

function stateOf(id: string, view: CheckView<"bond">) {
  const name = view.graph.node(id)?.name;
  const bond = view.fact("bond").find((entry) => entry.ifname === name);
  return bond?.mode === "802.3ad" ? bond : undefined;
}

interface End {
  readonly member: BondMember;
  /** Port states of both ends; undefined where neither /proc (root only) nor netlink told. */
  readonly actorState: number | undefined;
  readonly partnerState: number | undefined;
}

interface Apart extends End {
  readonly why: Wording;
}

function ends(members: readonly BondMember[], view: CheckView<"bond">): End[] {
  const links = view.factIfRead("ip-link") ?? [];
  return members.map((member) => {
    const state = (side: "actor" | "partner"): number | undefined =>
      member[side]?.portState ?? numberOf(portData(linkNamed(links, member.ifname), `ad_${side}_oper_port_state`));
    return { member, actorState: state("actor"), partnerState: state("partner") };
  });
}

/** Members with link that are not in the bond's aggregate, or that one of the ends does not use. */
function apart(members: readonly End[], active: number | undefined): Apart[] {
  const live = members.filter(({ member }) => member.miiStatus === "up");
  const main = active ?? live.find(({ member }) => member.aggregatorId !== undefined)?.member.aggregatorId;
  return live.flatMap((one): Apart[] => {
    const why = whyApart(one, main);
    return why === undefined ? [] : [{ ...one, why }];
  });
}

function whyApart({ member, actorState, partnerState }: End, main: number | undefined): Wording | undefined {
  if (member.partner?.systemMac === nobody) return { en: `partner ${nobody}`, zh: `对端为 ${nobody}` };
  // The kernel may keep calling a partner churned that was late once: both ends' own states are newer.
  const joined =
    actorState !== undefined &&
    partnerState !== undefined &&
    (actorState & partnerState & passing) === passing &&
    member.aggregatorId === main;
  if (member.partnerChurn === "churned" && !joined) return { en: "partner churned", zh: "对端状态反复（churned）" };
  if (member.aggregatorId !== undefined && member.aggregatorId !== main)
    return {
      en: `aggregator ${member.aggregatorId} != ${main}`,
      zh: `聚合组 ${member.aggregatorId} ≠ ${main}`,
    };
  if (actorState !== undefined && (actorState & passing) !== passing)
    return { en: `actor port state ${actorState}`, zh: `本端端口状态 ${actorState}` };
  if (partnerState !== undefined && (partnerState & passing) !== passing)
    return { en: `partner port state ${partnerState}`, zh: `对端端口状态 ${partnerState}` };
  return undefined;
}

const lines = (member: BondMember, partnerState: number | undefined): string =>
  [
    `Slave Interface: ${member.ifname}`,
    `Aggregator ID: ${member.aggregatorId ?? "-"}`,
    `Partner Churn State: ${member.partnerChurn ?? "-"}`,
    ...(member.partner ? [`details partner lacp pdu: system mac address: ${member.partner.systemMac}`] : []),
    ...(partnerState === undefined ? [] : [`details partner lacp pdu: port state: ${partnerState}`]),
  ].join("\n");
