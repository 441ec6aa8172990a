import { optional, stringsIn } from "../links";
import { linkNodes, plain } from "../lower";
import type { GraphNode } from "../model";
import type { Pass } from "../pass";

/** Kinds without a node kind of their own that carry a bridge towards the wire: tunnels, teams, sub-interfaces of a NIC. */
const outward = new Set(["team", "gretap", "ip6gretap", "geneve", "l2tpeth", "macvlan", "batadv", "dsa"]);

/** Does this enslaved port carry its bridge to the wire? (veth: see the pass `links`.) */
export function leadsOut(port: GraphNode): boolean {
  if (port.kind === "nic" || port.kind === "bond" || port.kind === "vlan" || port.kind === "vxlan") return true;
  return port.attributes.playsNic === true || outward.has(String(port.attributes.linkKind ?? ""));
}

/**
 * Linux bridges and their ports: uplinks towards the wire, bridge-ports towards guests. A bridge that had an uplink once keeps that (`hadUplink`): without it one could not
 * tell a bridge that lost its NIC from one that is meant to have none.
 */
export const pass: Pass = {
  id: "bridges",
  after: ["links", "taps"],
  needs: ["ip-link"],
  optional: ["netns"],
  run(builder) {
    const hadUplink = new Set(stringsIn(builder.memory.hadUplink));
    for (const { node, link, netns } of linkNodes(builder)) {
      if (node.kind === "bridge") {
        const data = link.linkinfo?.info_data ?? {};
        builder.annotate(node.id, {
          ...optional("stp", plain(data.stp_state)),
          ...optional("forwardDelay", plain(data.forward_delay)),
          ...optional("vlanFiltering", plain(data.vlan_filtering)),
          ...optional("ageing", plain(data.ageing_time)),
        });
      }
      const bridge = link.master === undefined ? undefined : builder.byName(link.master, netns);
      if (bridge?.kind !== "bridge") continue;
      const state = plain(link.linkinfo?.info_slave_data?.state);
      const attributes = optional("state", state);
      if (leadsOut(node)) hadUplink.add(bridge.id);
      if (leadsOut(node)) builder.addEdge({ kind: "uplink", from: node.id, to: bridge.id, attributes });
      else builder.addEdge({ kind: "bridge-port", from: bridge.id, to: node.id, attributes });
    }
    for (const bridge of builder.ofKind("bridge"))
      if (hadUplink.has(bridge.id)) builder.annotate(bridge.id, { hadUplink: true });
    builder.memory.hadUplink = [...hadUplink].sort();
  },
};
