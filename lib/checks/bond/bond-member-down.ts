import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";

/** Redundancy is lost, traffic still flows. With no member left at all it is `bond-down`. A backup member that waits is well. */
export const check = defineCheck({
  id: "bond-member-down",
  layer: "bond",
  title: { en: "Bond member is down", zh: "绑定成员失效" },
  message: {
    en: "{bond} has lost {members}: {left} of {all} members carry traffic",
    zh: "{bond} 已失去成员 {members}：{all} 个成员中仅剩 {left} 个可用",
  },
  expected: { en: "MII status of every member of {bond} is up", zh: "{bond} 的每个成员的 MII 状态均为 up" },
  repair: {
    en: "Mend the link of {members} (see the finding on that NIC); the bond takes it back by itself once its MII status is up.",
    zh: "修复 {members} 的链路（见该网卡上的问题）；MII 状态恢复为 up 后，绑定会自动重新启用它。",
  },
  explain: {
    en: "A bond keeps working while one member is left, so the loss is easily missed - until the last one fails.",
    zh: "只要还有一个成员可用，绑定就能继续工作，因此成员失效容易被忽视——直到最后一个成员也失效。",
  },
  needs: ["bond"],
  subjects: ["bond"],
  sources: ["https://docs.kernel.org/networking/bonding.html"],
  lab: { case: "bond-member-down" },
  evaluate(bond, view) {
    if (typeof bond.attributes.netns === "string") return null;
    const state = view.fact("bond").find((entry) => entry.ifname === bond.name);
    if (!state || state.members.length === 0) return null;
    const down = state.members.filter((member) => member.miiStatus === "down" || member.miiStatus === "going back");
    if (down.length === 0) return pass;
    if (down.length === state.members.length) return null;
    const names = new Set(down.map((member) => member.ifname));
    const broken = view.graph
      .towardsWire(bond.id)
      .filter((edge) => edge.kind === "bond-member" && names.has(view.graph.node(edge.from)?.name ?? ""));
    return {
      status: "warn",
      params: {
        bond: bond.name,
        members: [...names].join(", "),
        left: state.members.length - down.length,
        all: state.members.length,
      },
      evidence: [
        {
          command: commandLine(["cat", `/proc/net/bonding/${bond.name}`]),
          excerpt: state.members
            .map(
              (member) =>
                `Slave Interface: ${member.ifname}\nMII Status: ${member.miiStatus}\nLink Failure Count: ${member.failureCount}`,
            )
            .join("\n\n"),
        },
      ],
      breaks: broken.map((edge) => edge.id),
    };
  },
});
