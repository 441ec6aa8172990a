import type { GraphNode } from "../../graph/model";
import type { OvsPort } from "../../probes/ovs";
import { type CheckView, defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { lasting } from "../growth";
import { leadsOut, portsOfBridge, rowOf } from "../ovs";

/**
 * STP or RSTP of Open vSwitch keeps a port from forwarding that something needs: a guest's, or the only way to the wire. Blocking one of several uplinks is what the protocol is
 * for; listening and learning pass by themselves and count when they last.
 */
export const check = defineCheck({
  id: "ovs-stp-blocked",
  layer: "ovs",
  title: { en: "Port is blocked by STP", zh: "端口被 STP 阻塞" },
  message: {
    en: "{protocol} keeps port {port} of {bridge} in state {state} for {seconds} s (limit {limit} s)",
    zh: "{protocol} 使 {bridge} 的端口 {port} 处于 {state} 状态已 {seconds} 秒（阈值 {limit} 秒）",
  },
  expected: { en: "Port {port} forwards", zh: "端口 {port} 处于转发状态" },
  repair: {
    en: "Find the other bridge that claims the way: ovs-appctl stp/show {bridge} (RSTP: rstp/show). If no loop is wanted there, cut it; for a guest's port switch the protocol off: ovs-vsctl set port {port} other_config:stp-enable=false (RSTP: rstp-enable=false).",
    zh: "查明占用路径的另一网桥：ovs-appctl stp/show {bridge}（RSTP：rstp/show）。不需要环路时将其断开；对虚拟机端口可关闭协议：ovs-vsctl set port {port} other_config:stp-enable=false（RSTP：rstp-enable=false）。",
  },
  explain: {
    en: "A port that sees a better bridge on its other side, or its own frames, is blocked to prevent a loop. A guest that bridges and sends BPDUs does that to its own port.",
    zh: "端口若在对端看到更优网桥或自己的帧，会被阻塞以防环路。虚拟机内部做桥接并发送 BPDU 会导致自己的端口被阻塞。",
  },
  needs: ["ovs"],
  subjects: ["ovs-port"],
  settings: {
    window: {
      title: { en: "Seconds without forwarding that count as a fault", zh: "持续不转发多少秒视为故障" },
      default: 35,
      unit: "s",
      min: 5,
      max: 300,
    },
  },
  track: {
    blocked: {
      windowMs: 300_000,
      sample(subject, view) {
        if ("from" in subject) return undefined;
        const row = rowOf(subject, view.fact("ovs"));
        if (!row || (!row.bridge.stp_enable && !row.bridge.rstp_enable)) return undefined;
        return Number(stateOf(row.port).blocked);
      },
    },
  },
  sources: ["https://docs.openvswitch.org/en/latest/ref/ovs-vswitchd.conf.db.5/"],
  lab: { case: "ovs-stp-blocked" },
  evaluate(port, view) {
    const row = rowOf(port, view.fact("ovs"));
    if (!row || (!row.bridge.stp_enable && !row.bridge.rstp_enable)) return null;
    const { protocol, state, blocked } = stateOf(row.port);
    if (state === undefined) return null;
    if (!blocked) return pass;
    // A cable from the bridge to itself is what the protocol is there to block.
    if (!leadsOut(port, view.graph) && !hasGuest(port, view)) return null;
    if (hasOtherWay(port, view)) return pass;
    const ms = lasting(view.samples("blocked"), view.now);
    if (ms < view.setting("window") * 1000) return null;
    return {
      status: "fail",
      params: {
        protocol,
        port: port.name,
        bridge: row.bridge.name,
        state,
        seconds: Math.round(ms / 1000),
        limit: view.setting("window"),
      },
      evidence: [
        {
          command: commandLine(["ovs-vsctl", "--columns=name,status,rstp_status", "list", "port", port.name]),
          excerpt: `name: ${port.name}  ${[...row.port.status, ...row.port.rstp_status].map(({ key, value }) => `${key}=${value}`).join(", ")}`,
        },
      ],
    };
  },
});

function stateOf(port: OvsPort): { protocol: string; state: string | undefined; blocked: boolean } {
  const rstp = port.rstp_status.find(({ key }) => key === "rstp_port_state")?.value;
  const stp = port.status.find(({ key }) => key === "stp_state")?.value;
  const state = rstp ?? stp;
  // "disabled" is a port whose link is down: that has a fault of its own.
  const blocked = state !== undefined && !/^(forwarding|disabled)$/i.test(state);
  return { protocol: rstp === undefined ? "STP" : "RSTP", state, blocked };
}

const hasGuest = (port: GraphNode, view: CheckView<"ovs">): boolean =>
  view.graph
    .towardsGuest(port.id)
    .some((edge) => view.graph.towardsGuest(edge.to).some((next) => next.kind === "tap-vnic"));

/** Another uplink of the same bridge forwards: redundancy, as designed. */
function hasOtherWay(port: GraphNode, view: CheckView<"ovs">): boolean {
  if (!leadsOut(port, view.graph)) return false;
  const bridge = view.graph
    .towardsWire(port.id)
    .find((edge) => view.graph.node(edge.from)?.kind === "ovs-bridge")?.from;
  const node = bridge === undefined ? undefined : view.graph.node(bridge);
  if (!node) return false;
  return portsOfBridge(node, view.graph).some((other) => {
    const row = other.id === port.id ? undefined : rowOf(other, view.fact("ovs"));
    return row !== undefined && leadsOut(other, view.graph) && !stateOf(row.port).blocked;
  });
}
