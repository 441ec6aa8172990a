import type { Finding } from "../checks/finding";
import { addressKinds } from "../graph/kinds";
import { reachable } from "../graph/reach";
import type { GraphView } from "../graph/view";
import type { CauseRule } from "./define";
import { cutsOf, losesWire } from "./loses-wire";

/** A gateway or guest does not answer because something between it and the host's interface is cut, or because the host's own address sits on the wrong one. */
export const rule: CauseRule = {
  id: "cut-silences-neighbour",
  cause: [
    "nic-no-carrier",
    "nic-admin-down",
    "bond-down",
    "bridge-down",
    "bridge-no-uplink",
    "tap-down",
    "tap-not-enslaved",
    "tap-wrong-bridge",
    "vnic-link-down",
    "nwfilter-blocks",
    "datapath-program",
    "optic-power-low",
    "mac-duplicate",
    "address-on-member",
    "bridge-port-blocked",
    "bridge-port-flags",
    "bridge-vlan-missing",
    "fdb-static-wrong",
    "vlan-parent-down",
    "vlan-silent",
    "vxlan-underlay",
  ],
  effect: ["arp-incomplete", "gateway-unreachable"],
  lab: { case: "bond-down" },
  links(cause, effect, graph) {
    const holder = holderOf(effect, graph);
    if (cause.check === "address-on-member")
      return holder !== undefined && [cause.params.master, cause.params.link].includes(graph.node(holder)?.name ?? "");
    if (holder === undefined) return false;
    if (graph.node(effect.subject)?.kind !== "vm") return losesWire(cause, holder, graph);
    const before = reachable(graph, [holder]);
    return before.has(effect.subject) && !reachable(graph, [holder], cutsOf(cause)).has(effect.subject);
  },
};

/** The interface on which the neighbour is expected: where its gateway edge ends, else the one that the finding names. */
function holderOf(effect: Finding, graph: GraphView): string | undefined {
  const edge = graph.towardsGuest(effect.subject).find((one) => one.kind === "gateway");
  if (edge) return edge.to;
  for (const kind of [...addressKinds, "veth"] as const) {
    const found = graph
      .ofKind(kind)
      .find((node) => node.name === effect.params.dev && node.attributes.netns === undefined);
    if (found) return found.id;
  }
  return undefined;
}
