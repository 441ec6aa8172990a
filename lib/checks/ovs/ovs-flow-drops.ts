import type { GraphNode } from "../../graph/model";
import type { OvsFlows } from "../../probes/ovs-flows";
import { type CheckView, defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { devicesOf, leadsOut, rowOf } from "../ovs";

/**
 * A flow drops all that a guest sends, all that is sent to it, or all that comes in by the uplink: in table 0, or in a later one to which a table hands everything of the port. Only flows that
 * ask for nothing but port, MAC address and VLAN are judged: a rule that drops one protocol is a firewall's and meant so. A flow of higher priority in table 0 that may let some of it pass
 * makes it a warning; in later tables that is how firewalls are built, and no fault. Judged by the flows as they were dumped; ofproto/trace is for the reader, and what a table does
 * with frames that no flow matches, groups and learned flows are not followed.
 */
export const check = defineCheck({
  id: "ovs-flow-drops",
  layer: "ovs",
  title: { en: "Open vSwitch flow drops the traffic", zh: "Open vSwitch 流表丢弃流量" },
  message: {
    en: "A flow of {bridge} drops what {port} sends or gets ({packets} packets so far): {flow}",
    zh: "{bridge} 的一条流丢弃 {port} 收发的数据（已 {packets} 个包）：{flow}",
  },
  expected: { en: "No flow of {bridge} drops everything of {port}", zh: "{bridge} 没有丢弃 {port} 全部流量的流" },
  repair: {
    en: "See what happens to a frame: ovs-appctl ofproto/trace {bridge} in_port={port}. Then delete the flow, or put one that forwards above it: ovs-ofctl --strict del-flows {bridge} MATCH.",
    zh: "查看帧的处理过程：ovs-appctl ofproto/trace {bridge} in_port={port}。然后删除该流，或在其上添加转发流：ovs-ofctl --strict del-flows {bridge} 匹配条件。",
  },
  explain: {
    en: "Of all flows that match, the one of the highest priority decides. A flow put in to isolate a guest, or left by a controller that is gone, drops without a trace on any interface. Tables are followed while one hands everything of the port to the next; ofproto/trace (below) follows a single frame through all of them.",
    zh: "所有匹配的流中优先级最高者生效。为隔离虚拟机而添加、或由已离开的控制器遗留的流，会在任何接口上都无痕迹地丢弃数据。只要某个表把端口的全部数据交给下一个表，就继续跟踪；ofproto/trace 可以跟踪单个帧经过所有表的过程。",
  },
  needs: ["ovs", "ovs-flows"],
  subjects: ["ovs-port"],
  sources: [
    "https://docs.openvswitch.org/en/latest/ref/ovs-actions.7/",
    "https://docs.openvswitch.org/en/latest/ref/ovs-vswitchd.8/",
  ],
  lab: { case: "ovs-flow-drops" },
  evaluate(port, view) {
    const row = rowOf(port, view.fact("ovs"));
    const flows = view.fact("ovs-flows").find((one) => one.bridge === row?.bridge.name)?.flows;
    if (!row || !flows) return null;
    const macs = macsOf(port, view);
    if (macs.length === 0 && !leadsOut(port, view.graph)) return null;
    const numbers = row.port.interfaces.flatMap((one) => [String(one.ofport ?? ""), one.name]);
    const whole = (one: Flow) => isDrop(one) && aims(matchOf(one), numbers, macs);
    // A drop that never counted a packet stops nothing that anybody sent.
    const bad = flows.filter(
      (one) => one.table === 0 && one.packets > 0 && whole(one) && !isRest(one, port, flows, numbers),
    );
    const first = bad.toSorted((a, b) => b.priority - a.priority)[0];
    const culprit = first ?? laterDrop(flows, numbers, macs);
    if (!culprit) return pass;
    const above = flows.some(
      (one) =>
        first !== undefined &&
        one.table === 0 &&
        one.priority > culprit.priority &&
        one.priority <= 65_535 &&
        !isDrop(one),
    );
    return {
      status: above ? "warn" : "fail",
      params: { bridge: row.bridge.name, port: port.name, packets: culprit.packets, flow: shortOf(culprit) },
      evidence: [{ command: commandLine(["ovs-ofctl", "dump-flows", row.bridge.name]), excerpt: culprit.text }],
    };
  },
});

type Flow = OvsFlows["flows"][number];

const isDrop = (one: Flow): boolean => /actions=drop$/.test(one.text);

/**
 * The end of a list of what a port may send: whatever else comes from it is not wanted here. The agent of OpenStack writes one at each end of the patch between its bridges, for VLANs that
 * this host has no part in; where it has a part in none, only the end is there.
 */
function isRest(one: Flow, port: GraphNode, flows: readonly Flow[], ports: readonly string[]): boolean {
  const match = matchOf(one);
  if (match.size !== 1 || !match.has("in_port")) return false;
  if (port.attributes.type === "patch") return true;
  return flows.some(
    (other) =>
      other.table === one.table &&
      other.priority > one.priority &&
      !isDrop(other) &&
      ports.includes(matchOf(other).get("in_port") ?? ""),
  );
}

const shortOf = (one: Flow): string => /(priority=.*)$/.exec(one.text)?.[1] ?? one.text;

/** Fields that a flow asks for, counters and such left out; `tcp` and its like have no value. */
const matchOf = (one: Flow): Map<string, string> => {
  const actions = one.text.indexOf("actions=");
  const fields = one.text
    .slice(0, actions < 0 ? undefined : actions)
    .split(/[ ,]+/)
    .filter((part) => !/^(?:table_id|duration|n_packets|n_bytes|priority|idle_age|hard_age|cookie|)(?:=|$)/.test(part));
  return new Map(
    fields.map((part) => [part.replace(/=.*$/s, ""), part.includes("=") ? part.slice(part.indexOf("=") + 1) : ""]),
  );
};

/** Does the match take everything that comes from this port, or goes to it, and ask for nothing else? */
function aims(match: ReadonlyMap<string, string>, ports: readonly string[], macs: readonly string[]): boolean {
  if (match.size === 0 || [...match.keys()].some((key) => !["in_port", "dl_src", "dl_dst", "dl_vlan"].includes(key)))
    return false;
  const inPort = match.get("in_port");
  const source = match.get("dl_src");
  const target = match.get("dl_dst");
  if (match.has("dl_vlan") && inPort === undefined && source === undefined && target === undefined) return false;
  // Both ends named: only what the two say to each other.
  if (target !== undefined) return inPort === undefined && source === undefined && macs.includes(target);
  if (source !== undefined && !macs.includes(source)) return false;
  return inPort === undefined ? source !== undefined : ports.includes(inPort);
}

/** The table to which these actions hand the frame whole, where they do nothing else but set fields; undefined where they do more, or end here. */
function nextTable(one: Flow): number | undefined {
  const actions = /actions=(.*)$/.exec(one.text)?.[1] ?? "";
  const jumps = [...actions.matchAll(/(?:goto_table:|resubmit\(,)(\d+)\)?/g)];
  const rest = actions
    .replace(/(?:goto_table:\d+|resubmit\(,\d+\))/g, "")
    .split(",")
    .filter(Boolean);
  const only = rest.every((part) => /^(?:load:|set_field:|move:|write_metadata:)/.test(part));
  return jumps.length === 1 && only ? Number(jumps[0]?.[1]) : undefined;
}

/**
 * A drop in a table after the first that takes all that comes from the port, where each table before it hands everything of the port to the next. Any flow above it that forwards, and may take
 * some of it, ends the search.
 */
function laterDrop(flows: readonly Flow[], ports: readonly string[], macs: readonly string[]): Flow | undefined {
  const seen = new Set<number>();
  for (let table: number | undefined = 0; table !== undefined && !seen.has(table); ) {
    const now: number = table;
    seen.add(now);
    // Flows of Open vSwitch itself (fail-mode, in-band) have priorities above 65535.
    const own = flows
      .filter((one) => one.table === now && one.priority <= 65_535)
      .map((one) => ({ one, match: matchOf(one) }))
      .filter(({ match }) => mayTake(match, ports, macs))
      .toSorted((a, b) => b.one.priority - a.one.priority);
    const at = own.findIndex(
      ({ match }) => match.size === 0 || (aims(match, ports, macs) && !match.has("dl_dst") && !match.has("dl_vlan")),
    );
    const whole = own[at]?.one;
    if (!whole || own.slice(0, at).some(({ one }) => !isDrop(one))) return undefined;
    if (isDrop(whole)) return now > 0 && whole.packets > 0 ? whole : undefined;
    table = nextTable(whole);
  }
  return undefined;
}

/** Whether a flow may take something that the guest behind the port sends: it names no other port and no other source. */
const mayTake = (match: ReadonlyMap<string, string>, ports: readonly string[], macs: readonly string[]): boolean => {
  const inPort = match.get("in_port");
  const source = match.get("dl_src");
  return (inPort === undefined || ports.includes(inPort)) && (source === undefined || macs.includes(source));
};

/** MAC addresses of the guest behind the port. */
const macsOf = (port: GraphNode, view: CheckView<"ovs" | "ovs-flows">): string[] =>
  devicesOf(port, view.graph).flatMap((device) =>
    view.graph
      .towardsGuest(device.id)
      .filter((edge) => edge.kind === "tap-vnic")
      .flatMap((edge) => {
        const mac = view.graph.node(edge.to)?.attributes.mac;
        return typeof mac === "string" ? [mac] : [];
      }),
  );
