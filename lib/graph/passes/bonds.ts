import { optional, stringsIn } from "../links";
import { linkNodes, plain } from "../lower";
import type { Json } from "../model";
import type { Pass } from "../pass";

/** More than this is no memory of members that left, it is a machine that makes new names all the time. */
const most = 32;

/** Bonds with their mode and members, and those members that they once had (`hadMembers`): else a bond with one left looks like one that is meant to have one. A team (info_kind "team") is an other-link with member edges: its daemon keeps the state, the kernel does not. */
export const pass: Pass = {
  id: "bonds",
  after: ["links", "taps"],
  needs: ["ip-link"],
  optional: ["netns"],
  run(builder) {
    const had = new Map<string, Set<string>>(remembered(builder.memory.bondMembers));
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
      const members = had.get(master.id) ?? new Set();
      had.set(master.id, members.size < most ? members.add(node.name) : members);
    }
    for (const [id, members] of had)
      if (builder.node(id)?.kind === "bond" && members.size > 1)
        builder.annotate(id, { hadMembers: [...members].sort() });
    builder.memory.bondMembers = [...had].map(([id, members]) => [id, ...[...members].sort()]).sort();
  },
};

/** Lists of a bond's id and its members. */
const remembered = (value: Json | undefined): [string, Set<string>][] =>
  (Array.isArray(value) ? (value as readonly Json[]) : []).flatMap((entry) => {
    const [id, ...members] = stringsIn(entry);
    return id === undefined ? [] : [[id, new Set(members)] as [string, Set<string>]];
  });
