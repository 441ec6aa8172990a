import type { GraphNode } from "../../graph/model";
import type { GraphView } from "../../graph/view";
import { defineCheck, pass } from "../define";
import { linkEvidence } from "../evidence";
import { standsStill } from "../guest-network";
import { addressesOn, carriesOthers } from "../usage";

/** A NIC that is set down and that nothing uses is a spare one, not a fault. Routes are no sign of use here: the kernel takes them away with the interface. */
export const check = defineCheck({
  id: "nic-admin-down",
  layer: "physical",
  title: { en: "NIC is set down", zh: "网卡被关闭" },
  message: { en: "{nic} is administratively down, yet {use}", zh: "{nic} 被管理性关闭，但仍在使用：{use}" },
  expected: { en: "{nic} is up", zh: "{nic} 处于启用状态" },
  repair: {
    en: "Set {nic} up: ip link set {nic} up. Find what set it down (shell history, network manager, boot configuration), else it will be down again.",
    zh: "启用 {nic}：ip link set {nic} up。并查明是谁关闭了它（命令历史、网络管理器、启动配置），否则它会再次关闭。",
  },
  explain: {
    en: "An interface that is administratively down neither sends nor receives, whatever the cable does. Nothing but a person or a program sets it so.",
    zh: "被管理性关闭的接口无论网线状态如何都不收发数据。这只可能由人或程序造成。",
  },
  needs: ["ip-link", "ip-addr"],
  subjects: ["nic", "veth"],
  sources: [
    "https://man7.org/linux/man-pages/man8/ip-link.8.html",
    "https://docs.kernel.org/networking/operstates.html",
  ],
  lab: { case: "nic-admin-down" },
  evaluate(nic, view) {
    if (nic.kind === "veth" && nic.attributes.playsNic !== true) return null;
    if (nic.attributes.up === true) return pass;
    const { master } = nic.attributes;
    const addresses = carriesOthers(nic, view.graph) ? [] : addressesOn(nic, view.fact("ip-addr"));
    const upper = view.graph.towardsGuest(nic.id)[0];
    const use =
      typeof master === "string" ? `master ${master}` : (addresses[0] ?? (upper && view.graph.node(upper.to)?.name));
    if (use === undefined || isHandedToPaused(nic, view.graph)) return null;
    const cable = view.graph.towardsWire(nic.id).filter((edge) => edge.kind === "lldp");
    const ups = view.graph.towardsGuest(nic.id).filter((edge) => edge.kind === "bond-member" || edge.kind === "uplink");
    return {
      status: "fail",
      params: { nic: nic.name, use },
      evidence: [linkEvidence(nic)],
      breaks: (ups.length > 0 ? ups : cable).map((edge) => edge.id),
    };
  },
});

/** A guest that has all of the card by macvtap (passthrough) has it down as long as it is paused. */
function isHandedToPaused(nic: GraphNode, graph: GraphView): boolean {
  const uppers = graph.towardsGuest(nic.id).flatMap((edge) => graph.node(edge.to) ?? []);
  return uppers.length > 0 && uppers.every((upper) => upper.kind === "macvtap" && standsStill(upper, graph));
}
