import { listed } from "../../wording";
import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { rowOf } from "../ovs";

/** What a member lacks. */
const chinese = { error: "出错", "set down": "被设为 down", "no link": "无链路", "no LACP": "LACP 未协商" } as const;
type Reason = keyof typeof chinese;

/** A bond of Open vSwitch has lost members, or LACP is on and a member's partner does not answer. A bond with a single interface is a plain port. Read from the database, where ovs-vswitchd keeps both. */
export const check = defineCheck({
  id: "ovs-bond-degraded",
  layer: "ovs",
  title: { en: "Open vSwitch bond is degraded", zh: "Open vSwitch 绑定降级" },
  message: {
    en: "Bond {port} of {bridge}: {bad} ({up} of {members} members work)",
    zh: "{bridge} 的绑定 {port}：{bad}（{members} 个成员中 {up} 个正常）",
  },
  expected: {
    en: "All {members} members of {port} are up, with LACP where it is on",
    zh: "{port} 的 {members} 个成员全部正常，启用 LACP 时协商成功",
  },
  repair: {
    en: "Look at the members named: cable, switch port, ip link. Where LACP is not negotiated, the switch needs the same ports in one LACP group: ovs-appctl bond/show {port}; ovs-appctl lacp/show {port}.",
    zh: "检查上述成员：网线、交换机端口、ip link。LACP 未协商时，交换机需把这些端口放入同一 LACP 组：ovs-appctl bond/show {port}；ovs-appctl lacp/show {port}。",
  },
  explain: {
    en: "Traffic goes on over what is left, with less room and no way out if that fails too. With LACP and no partner, Open vSwitch disables the member unless lacp-fallback-ab is set.",
    zh: "流量改走剩余成员，带宽变小且不再有冗余。启用 LACP 但没有对端时，除非设置 lacp-fallback-ab，否则 Open vSwitch 会禁用该成员。",
  },
  needs: ["ovs"],
  subjects: ["ovs-port"],
  sources: [
    "https://docs.openvswitch.org/en/latest/topics/bonding/",
    "https://docs.openvswitch.org/en/latest/ref/ovs-vswitchd.conf.db.5/",
  ],
  lab: { case: "ovs-bond-degraded" },
  evaluate(port, view) {
    const row = rowOf(port, view.fact("ovs"));
    if (!row || row.port.interfaces.length < 2) return null;
    const lacp = row.port.lacp === "active" || row.port.lacp === "passive";
    // With the fallback a member without a partner still forwards.
    const fallback = row.port.other_config.some(({ key, value }) => key === "lacp-fallback-ab" && value === "true");
    const reasonOf = (one: (typeof row.port.interfaces)[number]): Reason | undefined => {
      if (one.error !== undefined && one.error !== "") return "error";
      if (one.admin_state === "down") return "set down";
      if (one.link_state === "down") return "no link";
      return lacp && one.lacp_current === false ? "no LACP" : undefined;
    };
    const judged = row.port.interfaces.map((one) => ({ one, reason: reasonOf(one) }));
    const bad = judged.flatMap(({ one, reason }) => (reason === undefined ? [] : [{ one, reason }]));
    if (bad.length === 0) return pass;
    const passing = judged.filter(({ reason }) => reason === undefined || (fallback && reason === "no LACP")).length;
    const names = new Set(bad.filter(({ reason }) => reason !== "no LACP" || !fallback).map(({ one }) => one.name));
    return {
      status: passing === 0 ? "fail" : "warn",
      params: {
        port: port.name,
        bridge: row.bridge.name,
        bad: listed(
          bad.map(({ one, reason }) => ({ en: `${one.name} ${reason}`, zh: `${one.name} ${chinese[reason]}` })),
        ),
        up: judged.length - bad.length,
        members: judged.length,
      },
      evidence: [
        {
          command: commandLine([
            "ovs-vsctl",
            "--columns=name,admin_state,link_state,lacp_current,error",
            "list",
            "Interface",
            ...judged.map(({ one }) => one.name),
          ]),
          excerpt: judged
            .map(({ one }) =>
              [
                `name: ${one.name}`,
                `admin_state: ${one.admin_state ?? "[]"}`,
                `link_state: ${one.link_state ?? "[]"}`,
                `lacp_current: ${one.lacp_current ?? "[]"}`,
                `error: ${one.error === undefined || one.error === "" ? "[]" : one.error}`,
              ].join("  "),
            )
            .join("\n"),
        },
      ],
      breaks: view.graph
        .towardsGuest(port.id)
        .filter((edge) => names.has(view.graph.node(edge.to)?.name ?? ""))
        .map((edge) => edge.id),
    };
  },
});
