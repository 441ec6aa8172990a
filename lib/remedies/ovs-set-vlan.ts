import { factIfRead } from "../facts/facts";
import type { Remedy } from "./define";
import { gone, refuse } from "./refusals";
import { oneStep } from "./subject";

/** Sets a port's tag, or the list of VLANs that an uplink carries, to what the finding says is right. */
export const remedy: Remedy = {
  id: "ovs-set-vlan",
  title: { en: "Set the port's VLAN", zh: "设置端口 VLAN" },
  checks: ["ovs-tag-mismatch"],
  makes: ["ovs-vlan"],
  sources: ["https://docs.openvswitch.org/en/latest/ref/ovs-vswitchd.conf.db.5/"],
  plan({ finding, graph, facts }) {
    const { fixPort, fix } = finding.params;
    const node = graph.node(finding.subject);
    if (!node) return gone(finding.subject);
    const [, column, value] = /^(tag|trunks)=(\d+(?:,\d+)*)$/.exec(typeof fix === "string" ? fix : "") ?? [];
    if (typeof fixPort !== "string" || fixPort.startsWith("-") || column === undefined || value === undefined)
      return refuse({ en: "the finding does not say what to set", zh: "该发现没有指出应设置的值" });
    const port = factIfRead(facts, "ovs")
      ?.bridges.find((one) => one.name === node.attributes.bridge)
      ?.ports.find((one) => one.name === fixPort);
    if (!port) return gone(fixPort);
    // A port has a tag or trunks; both together are the native modes, which are no business of this button.
    if (port.vlan_mode?.startsWith("native"))
      return refuse({ en: `${fixPort} is in mode ${port.vlan_mode}`, zh: `${fixPort} 处于模式 ${port.vlan_mode}` });
    return oneStep(
      {
        says: { en: `Set ${column} of ${fixPort} to ${value}`, zh: `将 ${fixPort} 的 ${column} 设为 ${value}` },
        change: {
          ...({ kind: "ovs-vlan", port: fixPort } as const),
          to: column === "tag" ? { tag: Number(value), trunks: [] } : { trunks: value.split(",").map(Number) },
          was: { ...(port.tag === undefined ? {} : { tag: port.tag }), trunks: port.trunks },
        },
      },
      { en: "Only frames of the VLANs that change are touched.", zh: "只影响发生变化的 VLAN 的帧。" },
    );
  },
};
