import type { Target } from "../changes/touch";
import { guestKinds, kindsThat, selfKind } from "../graph/kinds";
import type { GraphNode } from "../graph/model";
import type { GraphView } from "../graph/view";

const guestNics = kindsThat("isGuestNic");

/** The nodes that a change means by a target; empty where the graph has none. O(nodes). */
export function nodesOf(graph: GraphView, what: Target): readonly GraphNode[] {
  if ("all" in what) return graph.ofKind(what.all === "host" ? selfKind : "bridge");
  if ("guest" in what)
    return guestKinds.flatMap((kind) => graph.ofKind(kind)).filter((node) => node.attributes.uuid === what.guest);
  if ("mac" in what)
    return guestNics.flatMap((kind) => graph.ofKind(kind)).filter((node) => node.attributes.mac === what.mac);
  if ("ovs" in what)
    return [...graph.ofKind("ovs-port"), ...graph.ofKind("ovs-bridge")].filter((node) => node.name === what.ovs);
  return [...graph.nodes.values()].filter(
    (node) =>
      node.attributes.ifindex !== undefined &&
      node.name === what.device &&
      (node.attributes.netns ?? "") === (what.netns ?? "") &&
      node.remembered !== true,
  );
}
