import { defineCheck, pass } from "../define";
import { commandLine, linkEvidence } from "../evidence";
import { carriesOthers } from "../usage";

/** No member passes anything, or the bond itself is set down. A bond that nothing rides on and that has no member is left over, not broken. */
export const check = defineCheck({
  id: "bond-down",
  layer: "bond",
  title: { en: "Bond is down", zh: "绑定中断" },
  message: {
    en: "{bond} passes nothing: none of its {all} members carries traffic",
    zh: "{bond} 已中断：{all} 个成员均不可用",
  },
  expected: { en: "{bond} is up with at least one active member", zh: "{bond} 已启用且至少有一个活动成员" },
  repair: {
    en: "Mend at least one member of {bond} ({members}): see the findings on those NICs. If {bond} itself is set down: ip link set {bond} up.",
    zh: "至少修复 {bond} 的一个成员（{members}）：见这些网卡上的问题。若 {bond} 本身被关闭：ip link set {bond} up。",
  },
  explain: {
    en: "Everything above the bond - bridges, VLANs, guests - is cut off from the wire.",
    zh: "绑定之上的一切——网桥、VLAN、虚拟机——都与外部网络断开。",
  },
  needs: ["ip-link", "bond"],
  subjects: ["bond"],
  sources: ["https://docs.kernel.org/networking/bonding.html"],
  lab: { case: "bond-down" },
  evaluate(bond, view) {
    if (typeof bond.attributes.netns === "string") return null;
    const state = view.fact("bond").find((entry) => entry.ifname === bond.name);
    const members = state?.members ?? [];
    const used = carriesOthers(bond, view.graph) || Array.isArray(bond.attributes.addresses);
    if (members.length === 0 && !used) return null;
    const dead = members.every((member) => member.miiStatus === "down" || member.miiStatus === "going back");
    const setDown = bond.attributes.up === false && used;
    if (bond.attributes.up === false && !used) return null;
    if (!dead && !setDown && bond.attributes.carrier !== false) return pass;
    return {
      status: "fail",
      params: {
        bond: bond.name,
        all: members.length,
        members: members.map((member) => member.ifname).join(", ") || "-",
      },
      evidence: [
        linkEvidence(bond),
        {
          command: commandLine(["cat", `/proc/net/bonding/${bond.name}`]),
          excerpt: [
            `MII Status: ${state?.miiStatus ?? "-"}`,
            ...members.map((member) => `Slave Interface: ${member.ifname}\nMII Status: ${member.miiStatus}`),
          ].join("\n"),
        },
      ],
      breaks: setDown
        ? []
        : view.graph
            .towardsWire(bond.id)
            .filter((edge) => edge.kind === "bond-member")
            .map((edge) => edge.id),
    };
  },
});
