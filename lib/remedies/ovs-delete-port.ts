import { VlanMode } from "../changes/kinds/ovs-port";
import { rowOf } from "../checks/ovs";
import { factIfRead } from "../facts/facts";
import type { Remedy } from "./define";

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
    if (!node || !row) return { refused: `${finding.subject} is no longer there` };
    const [only, ...more] = row.port.interfaces;
    if (!only || more.length > 0) return { refused: `${node.name} is a bond: its other members would go with it` };
    if (only.error === undefined || only.error === "") return { refused: `${node.name} is in error no more` };
    if (only.type !== "" && only.type !== "system")
      return { refused: `${node.name} is of type ${only.type}: its options have to be mended by hand` };
    if (row.port.name.startsWith("-") || row.bridge.name.startsWith("-"))
      return { refused: `${node.name} has a name that no command takes` };
    const { tag, trunks } = row.port;
    const mode = row.port.vlan_mode === undefined ? undefined : VlanMode.safeParse(row.port.vlan_mode).data;
    if (mode !== row.port.vlan_mode)
      return { refused: `${node.name} is in mode ${row.port.vlan_mode}, which could not be put back` };
    return {
      steps: [
        {
          says: {
            en: `Delete port ${node.name} of ${row.bridge.name}`,
            zh: `删除 ${row.bridge.name} 的端口 ${node.name}`,
          },
          change: {
            ...({ kind: "ovs-port", bridge: row.bridge.name, port: node.name, to: "absent" } as const),
            was: {
              ...(tag === undefined ? {} : { tag }),
              trunks,
              ...(mode === undefined ? {} : { vlanMode: mode }),
            },
          },
        },
      ],
      affects: [],
      blinks: {
        en: "Nothing passes over this port: its device is not there.",
        zh: "该端口没有任何流量：其设备不存在。",
      },
      risk: "low",
      settleMs: 5_000,
      settleBecause: "5 s for ovs-vswitchd to take the change",
      probe: [],
    };
  },
};
