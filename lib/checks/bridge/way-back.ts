import type { GraphNode } from "../../graph/model";
import type { GraphView } from "../../graph/view";

/** A port from which veth pairs lead back to the same bridge without passing a blocked port. */
export function wayBack(subject: GraphNode, graph: GraphView): GraphNode | undefined {
  const doors = doorsOf(subject.id, graph);
  for (const door of doors) {
    if (door.to === subject.id) return door.port;
    // Breadth first, not back through the pair that it came by.
    const seenBridges = new Set([door.to]);
    const queue = [{ at: door.to, by: door.far }];
    for (let next = queue.pop(); next; next = queue.pop())
      for (const way of doorsOf(next.at, graph)) {
        if (way.port.id === next.by) continue;
        if (way.to === subject.id) return door.port;
        if (seenBridges.has(way.to)) continue;
        seenBridges.add(way.to);
        queue.push({ at: way.to, by: way.far });
      }
  }
  return undefined;
}

interface Door {
  readonly port: GraphNode;
  /** The port at the far end, and the bridge that has it. */
  readonly far: string;
  readonly to: string;
}

function doorsOf(bridgeId: string, graph: GraphView): Door[] {
  return forwardingPairs(bridgeId, graph).flatMap((port) => {
    const peer = [...graph.towardsWire(port.id), ...graph.towardsGuest(port.id)].find(
      (edge) => edge.kind === "veth-peer",
    );
    const far = peer && (peer.from === port.id ? peer.to : peer.from);
    const on =
      far &&
      graph
        .towardsWire(far)
        .find((edge) => edge.kind === "bridge-port" && edge.present && edge.attributes?.state === "forwarding");
    return far && on ? [{ port, far, to: on.from }] : [];
  });
}

const forwardingPairs = (bridgeId: string, graph: GraphView): GraphNode[] =>
  graph
    .towardsGuest(bridgeId)
    .filter((edge) => edge.kind === "bridge-port" && edge.present && edge.attributes?.state === "forwarding")
    .flatMap((edge) => (graph.shape(edge.to)?.kind === "veth" ? (graph.node(edge.to) ?? []) : []))
    .filter((port) => port.attributes.up === true);
