import { type Netns, netnsOf } from "../links";
import { linkNodes } from "../lower";
import type { Pass } from "../pass";

/**
 * The two ends of veth pairs, where both are to be seen. In the same namespace iproute2 names the peer. Across namespaces each end gives the other's index only, and the
 * number of the other's namespace as seen from its own; where several pairs would fit there is no edge: better none than an invented one.
 */
export const pass: Pass = {
  id: "veths",
  after: ["links"],
  needs: ["ip-link"],
  optional: ["netns"],
  run(builder) {
    const known = netnsOf(builder.facts);
    const all = [...linkNodes(builder)].filter(({ node }) => node.kind === "veth");
    for (const one of all) {
      const candidates = all.filter((other) => arePeers(one, other, known));
      const [peer] = candidates;
      if (candidates.length !== 1 || !peer) continue;
      // Each pair is met twice, from either end, and gives the same edge.
      const [from, to] = inWireOrder(one, peer);
      builder.addEdge({ kind: "veth-peer", from: from.node.id, to: to.node.id });
    }
  },
};

function arePeers(one: End, other: End, known: readonly Netns[]): boolean {
  if (one.link.link !== undefined) return other.netns === one.netns && other.link.ifname === one.link.link;
  if (other.netns === one.netns || other.link.link !== undefined) return false;
  if (other.link.ifindex !== one.link.link_index || other.link.link_index !== one.link.ifindex) return false;
  // Namespace numbers are known as the host's own namespace counts them.
  const [outer, inner] = one.netns === "" ? [one, other] : [other, one];
  const nsid = known.find((netns) => netns.name === inner.netns)?.nsid;
  return (
    outer.netns !== "" ||
    nsid === undefined ||
    outer.link.link_netnsid === undefined ||
    outer.link.link_netnsid === nsid
  );
}

type End = ReturnType<typeof linkNodes> extends Generator<infer T> ? T : never;

/** The host's end is nearer to the wire than a namespace's end; else the smaller id goes first. */
function inWireOrder(a: End, b: End): [End, End] {
  if ((a.netns === "") !== (b.netns === "")) return a.netns === "" ? [a, b] : [b, a];
  return a.node.id < b.node.id ? [a, b] : [b, a];
}
