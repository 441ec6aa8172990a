import { optional } from "../links";
import { linkNodes, plain } from "../lower";
import type { Pass } from "../pass";

/** Bonds with their mode and members. A team (info_kind "team") is an other-link with member edges: its daemon keeps the state, the kernel does not. */
export const pass: Pass = {
  id: "bonds",
  after: ["links", "taps"],
  needs: ["ip-link"],
  optional: ["netns"],
  run(builder) {
    for (const { node, link, netns } of linkNodes(builder)) {
      if (node.kind === "bond") {
        const data = link.linkinfo?.info_data ?? {};
        builder.annotate(node.id, {
          ...optional("mode", plain(data.mode)),
          ...optional("activeMember", plain(data.active_slave)),
          ...optional("miimon", plain(data.miimon)),
          ...optional("primary", plain(data.primary)),
        });
      }
      const master = link.master === undefined ? undefined : builder.byName(link.master, netns);
      const team = master?.attributes.linkKind === "team";
      if (!master || !(master.kind === "bond" || team)) continue;
      const slave = link.linkinfo?.info_slave_data ?? {};
      builder.addEdge({
        kind: "bond-member",
        from: node.id,
        to: master.id,
        attributes: { ...optional("state", plain(slave.state)), ...optional("mii", plain(slave.mii_status)) },
      });
    }
  },
};
