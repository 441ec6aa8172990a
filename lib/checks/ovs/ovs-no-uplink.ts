import type { GraphNode } from "../../graph/model";
import { type CheckView, defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { leadsOut, portsOfBridge } from "../ovs";

/**
 * An Open vSwitch bridge without any port to the wire, though it needs one: it had one before, or the host's gateway is reached over it. A bridge that never had one (isolated
 * guests, a bridge that the host itself routes for) is meant so.
 */
export const check = defineCheck({
  id: "ovs-no-uplink",
  layer: "ovs",
  title: { en: "Open vSwitch bridge has no uplink", zh: "Open vSwitch 网桥没有上行端口" },
  message: {
    en: "{bridge} needs a way out (gateway {gateway}) and has no NIC, bond, tunnel or patch among its ports ({ports})",
    zh: "{bridge} 需要出口（网关 {gateway}），但其端口（{ports}）中没有网卡、绑定、隧道或 patch",
  },
  expected: { en: "{bridge} has a port to the wire", zh: "{bridge} 有通向物理网络的端口" },
  repair: {
    en: "Add the NIC that belongs there: ovs-vsctl add-port {bridge} NIC (two of them: ovs-vsctl add-bond {bridge} bond0 NIC1 NIC2), with the trunks that its switch port carries.",
    zh: "添加应有的网卡：ovs-vsctl add-port {bridge} 网卡（两块网卡：ovs-vsctl add-bond {bridge} bond0 网卡1 网卡2），trunks 与交换机端口保持一致。",
  },
  explain: {
    en: "Guests on it reach each other and nothing else. It happens when a port is deleted for a test, or when a script makes the bridge anew.",
    zh: "其上的虚拟机只能互相访问。常见于为测试删除端口，或脚本重建网桥之后。",
  },
  needs: ["ovs"],
  optional: ["ip-route"],
  subjects: ["ovs-bridge"],
  sources: ["https://www.openvswitch.org/support/dist-docs/ovs-vsctl.8.txt"],
  lab: { case: "ovs-no-uplink" },
  evaluate(bridge, view) {
    const ports = portsOfBridge(bridge, view.graph);
    if (ports.some((port) => leadsOut(port, view.graph) || patched(port, view))) return pass;
    const gateway = gatewayOver(bridge, view);
    if (gateway === undefined && bridge.attributes.hadUplink !== true) return null;
    const names = ports.map((port) => port.name).join(" ") || "-";
    return {
      status: "fail",
      params: { bridge: bridge.name, ports: names, gateway: gateway ?? "-" },
      evidence: [{ command: commandLine(["ovs-vsctl", "list-ports", bridge.name]), excerpt: names }],
    };
  },
});

/** The host's own veth into a namespace that bridges on leads on too. */
const patched = (port: GraphNode, view: CheckView<"ovs">): boolean =>
  view.graph.towardsGuest(port.id).some((edge) => view.graph.node(edge.to)?.kind === "ovs-port");

function gatewayOver(bridge: GraphNode, view: CheckView<"ovs">): string | undefined {
  const edge = view.graph.towardsWire(bridge.id).find((one) => one.kind === "gateway");
  return edge && view.graph.node(edge.from)?.name;
}
