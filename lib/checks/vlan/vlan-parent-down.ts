import { defineCheck, pass } from "../define";
import { linkEvidence } from "../evidence";
import { isElsewhere } from "../layer2";
import { carriesOthers } from "../usage";

/**
 * A VLAN interface that is in use and set down, or whose parent is set down. One that nothing rides on and that has no address is spare. A parent without carrier is that
 * parent's own fault (cable, bond) and is told there. A parent in another network namespace is not known here.
 */
export const check = defineCheck({
  id: "vlan-parent-down",
  layer: "vlan",
  title: { en: "VLAN interface or its parent is down", zh: "VLAN 接口或其父接口已关闭" },
  message: {
    en: "{down} is set down: VLAN {id} ({vlan}) carries nothing",
    zh: "{down} 已关闭：VLAN {id}（{vlan}）不承载任何数据",
  },
  expected: { en: "{vlan} and its parent {parent} are up", zh: "{vlan} 及其父接口 {parent} 处于启用状态" },
  repair: {
    en: "Set it up: ip link set dev {down} up, then ip link set dev {vlan} up. Routes over {vlan} that went with it have to be added again, by hand or by restarting its configuration.",
    zh: "启用：ip link set dev {down} up，再执行 ip link set dev {vlan} up。随之消失的经 {vlan} 的路由需要重新添加（手工或重启其配置）。",
  },
  explain: {
    en: "A VLAN interface passes frames only while it and the interface below it are up. When the parent goes down the kernel takes the VLAN down with it, and its routes vanish.",
    zh: "VLAN 接口只有在自身和下层接口都启用时才转发。父接口关闭时内核会一并关闭 VLAN，其路由也会消失。",
  },
  needs: ["ip-link"],
  subjects: ["vlan"],
  sources: [
    "https://man7.org/linux/man-pages/man8/ip-link.8.html",
    "https://github.com/torvalds/linux/blob/v6.1/net/8021q/vlan.c",
  ],
  lab: { case: "vlan-parent-down" },
  evaluate(subject, view) {
    view.fact("ip-link");
    if (isElsewhere(subject)) return null;
    const used = carriesOthers(subject, view.graph) || Array.isArray(subject.attributes.addresses);
    if (!used) return null;
    const edge = view.graph.towardsWire(subject.id).find((one) => one.kind === "vlan-parent");
    const parent = edge && view.graph.node(edge.from);
    const down = parent?.attributes.up === false ? parent : subject.attributes.up === false ? subject : undefined;
    if (!down) return pass;
    return {
      status: "fail",
      params: {
        vlan: subject.name,
        id: String(subject.attributes.vlan ?? "-"),
        parent: parent?.name ?? "-",
        down: down.name,
      },
      evidence: [linkEvidence(down), ...(down === subject ? [] : [linkEvidence(subject)])] as [
        ReturnType<typeof linkEvidence>,
      ],
    };
  },
});
