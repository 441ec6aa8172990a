import { fact } from "../../facts/facts";
import {
  isOvsBridge,
  kindOf,
  linkAttributes,
  linkKeys,
  linkPath,
  linkWorld,
  type PlacedLink,
  placedLinks,
  stringsIn,
} from "../links";
import type { NodeKind } from "../model";
import type { Pass } from "../pass";

/** Names that container and VM managers give to the host's end of a guest's veth pair. */
const guestVeth = /^(veth|vnet|lxc|cali|cni|vb-|ve-|vz|fwpr|fwln)/;

/**
 * Every interface becomes one node, TAPs excepted (the pass `taps` names them by their guest).
 *
 * A veth plays the NIC (`playsNic`) where the whole host lives in a namespace: it has no NIC at all, the veth's other end is in another
 * namespace, and its name is none that managers give to the host's end of a guest's pair. On a machine with a NIC no veth is ever taken for an uplink.
 *
 * A NIC that had carrier once keeps that (`hadCarrier`), so that a cable pulled from a NIC that nothing else uses is still noticed.
 */
export const pass: Pass = {
  id: "links",
  after: [],
  needs: ["ip-link"],
  optional: ["netns", "sysfs-net", "ovs"],
  run(builder) {
    const links = fact(builder.facts, "ip-link");
    const world = linkWorld(links, builder.facts);
    const placed = placedLinks(builder, links);
    const kinds = new Map<PlacedLink, NodeKind>(placed.map((one) => [one, kindOf(one, world)]));
    const hasNic = placed.some((one) => one.netns === "" && kinds.get(one) === "nic");
    const hadCarrier = new Set(stringsIn(builder.memory.hadCarrier));
    for (const one of placed) {
      const kind = kinds.get(one) ?? "other-link";
      if (kind === "tap" || kind === "macvtap" || isOvsBridge(one, builder.facts)) continue;
      const id = builder.addNode({
        kind,
        name: one.link.ifname,
        path: linkPath(one),
        keys: linkKeys(one, kind),
        attributes:
          kind === "veth" && !hasNic && playsNic(one)
            ? { ...linkAttributes(one), playsNic: true }
            : linkAttributes(one),
        ifindex: one.link.ifindex,
        netns: one.netns,
      });
      if (kind !== "nic") continue;
      if (one.link.flags.includes("LOWER_UP")) hadCarrier.add(id);
      if (hadCarrier.has(id)) builder.annotate(id, { hadCarrier: true });
    }
    builder.memory.hadCarrier = [...hadCarrier].sort();
  },
};

function playsNic({ link, netns }: PlacedLink): boolean {
  // A peer in this namespace is named by `link`; one elsewhere by index and namespace number only.
  return netns === "" && link.link === undefined && !guestVeth.test(link.ifname);
}
