import { linkNodes } from "../lower";
import type { Pass } from "../pass";

/**
 * The two ends of veth pairs, where both are to be seen. In the same namespace iproute2 names the peer; across namespaces each end gives the other's
 * index only, so two ends belong together when each names the other's index and no second pair does so too. Where that is ambiguous there is no edge: better none than an invented one.
 */
export const pass: Pass = {
  id: "veths",
  after: ["links"],
  needs: ["ip-link"],
  run(builder) {
    const all = [...linkNodes(builder)].filter(({ node }) => node.kind === "veth");
    for (const one of all) {
      const candidates = all.filter((other) =>
        one.link.link !== undefined
          ? other.netns === one.netns && other.link.ifname === one.link.link
          : other.netns !== one.netns &&
            other.link.link === undefined &&
            other.link.ifindex === one.link.link_index &&
            other.link.link_index === one.link.ifindex,
      );
      const [peer] = candidates;
      if (candidates.length !== 1 || !peer) continue;
      // One edge a pair: from the end with the smaller id (the enslaved end is nearer to the wire than a namespace's).
      const [from, to] = inWireOrder(one, peer);
      builder.addEdge({ kind: "veth-peer", from: from.node.id, to: to.node.id });
    }
  },
};

type End = ReturnType<typeof linkNodes> extends Generator<infer T> ? T : never;

/** The host's end is nearer to the wire than a namespace's end; else the smaller id goes first. */
function inWireOrder(a: End, b: End): [End, End] {
  if ((a.netns === "") !== (b.netns === "")) return a.netns === "" ? [a, b] : [b, a];
  return a.node.id < b.node.id ? [a, b] : [b, a];
}
