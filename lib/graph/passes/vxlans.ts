import { optional } from "../links";
import { linkNodes, plain } from "../lower";
import type { Pass } from "../pass";

/** VXLAN interfaces: number, ends, and the interface that carries them where the configuration names one (`dev`; else routing decides, packet by packet). */
export const pass: Pass = {
  id: "vxlans",
  after: ["links", "taps"],
  needs: ["ip-link"],
  optional: ["netns"],
  run(builder) {
    for (const { node, link, netns } of linkNodes(builder)) {
      if (node.kind !== "vxlan") continue;
      const data = link.linkinfo?.info_data ?? {};
      builder.annotate(node.id, {
        ...optional("vni", plain(data.id)),
        ...optional("local", plain(data.local) ?? plain(data.local6)),
        ...optional("remote", plain(data.remote) ?? plain(data.remote6)),
        ...optional("group", plain(data.group) ?? plain(data.group6)),
        ...optional("port", plain(data.port)),
      });
      const lower = typeof data.link === "string" ? builder.byName(data.link, netns) : undefined;
      if (lower) builder.addEdge({ kind: "underlay", from: lower.id, to: node.id });
    }
  },
};
