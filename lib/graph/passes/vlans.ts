import { optional } from "../links";
import { linkNodes, lowerOf, plain } from "../lower";
import type { Pass } from "../pass";

/** 802.1Q interfaces: their tag and the interface that carries them. */
export const pass: Pass = {
  id: "vlans",
  after: ["links", "taps"],
  needs: ["ip-link"],
  optional: ["netns"],
  run(builder) {
    for (const { node, link, netns } of linkNodes(builder)) {
      if (node.kind !== "vlan") continue;
      const data = link.linkinfo?.info_data ?? {};
      builder.annotate(node.id, { ...optional("vlan", plain(data.id)), ...optional("protocol", plain(data.protocol)) });
      const parent = lowerOf(builder, link, netns);
      if (parent) builder.addEdge({ kind: "vlan-parent", from: parent.id, to: node.id });
    }
  },
};
