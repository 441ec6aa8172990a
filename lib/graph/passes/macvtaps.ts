import { linkNodes, lowerOf } from "../lower";
import type { Pass } from "../pass";

/** macvtap interfaces at their lower device; so are macvlan ones, whose kind is other-link. */
export const pass: Pass = {
  id: "macvtaps",
  after: ["links", "taps"],
  needs: ["ip-link"],
  optional: ["netns"],
  run(builder) {
    for (const { node, link, netns } of linkNodes(builder)) {
      if (node.kind !== "macvtap" && node.attributes.linkKind !== "macvlan") continue;
      const lower = lowerOf(builder, link, netns);
      if (lower) builder.addEdge({ kind: "macvtap", from: lower.id, to: node.id });
    }
  },
};
