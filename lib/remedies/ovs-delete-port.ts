import { VlanMode } from "../changes/kinds/ovs-port";
import { rowOf } from "../checks/ovs";
import { factIfRead } from "../facts/facts";
import type { Remedy } from "./define";
import { gone, likeAnOption, refuse } from "./refusals";
import { oneStep } from "./subject";

/** Deletes the port of an Open vSwitch bridge whose device is gone. Its VLAN settings are put back with it if it has to come back. */
export const remedy: Remedy = {
  id: "ovs-delete-port",
  title: { en: "Delete the dead port", zh: "删除失效端口" },
  checks: ["ovs-port-error"],
  makes: ["ovs-port"],
  sources: ["https://www.openvswitch.org/support/dist-docs/ovs-vsctl.8.txt"],
  plan({ finding, graph, facts }) {
    const node = graph.node(finding.subject);
    const ovs = factIfRead(facts, "ovs");
    const row = node && ovs && rowOf(node, ovs);
    if (!node || !row) return gone(finding.subject);
    const { name } = node;
    const [only, ...more] = row.port.interfaces;
    if (!only || more.length > 0)
      return refuse({
        en: `${name} is a bond: its other members would go with it`,
        zh: `${name} 是绑定：其他成员会一并移除`,
      });
    if (only.error === undefined || only.error === "")
      return refuse({ en: `${name} is in error no more`, zh: `${name} 已无错误` });
    if (only.type !== "" && only.type !== "system")
      return refuse({
        en: `${name} is of type ${only.type}: its options have to be mended by hand`,
        zh: `${name} 的类型为 ${only.type}：需要手动修正其选项`,
      });
    if (row.port.name.startsWith("-") || row.bridge.name.startsWith("-")) return likeAnOption(name);
    const { tag, trunks } = row.port;
    const mode = row.port.vlan_mode === undefined ? undefined : VlanMode.safeParse(row.port.vlan_mode).data;
    if (mode !== row.port.vlan_mode)
      return refuse({
        en: `${name} is in mode ${row.port.vlan_mode}, which could not be put back`,
        zh: `${name} 处于模式 ${row.port.vlan_mode}，无法恢复`,
      });
    return oneStep(
      {
        says: {
          en: `Delete port ${name} of ${row.bridge.name}`,
          zh: `删除 ${row.bridge.name} 的端口 ${name}`,
        },
        change: {
          ...({ kind: "ovs-port", bridge: row.bridge.name, port: name, to: "absent" } as const),
          was: {
            ...(tag === undefined ? {} : { tag }),
            trunks,
            ...(mode === undefined ? {} : { vlanMode: mode }),
          },
        },
      },
      { en: "Nothing passes over this port: its device is not there.", zh: "该端口没有任何流量：其设备不存在。" },
    );
  },
};
