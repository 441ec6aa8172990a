import { fact } from "../../facts/facts";
import { type GuestNic, guestProbes, guestsOf, type KnownGuest, nicKey, nicPath } from "../guests";
import {
  isOvsBridge,
  kindOf,
  linkAttributes,
  linkPath,
  linkWorld,
  optional,
  type PlacedLink,
  placedLinks,
} from "../links";
import type { Pass } from "../pass";

/**
 * TAP and macvtap interfaces. One that serves a guest is named by guest and MAC, so that its id outlives a restart of the guest (vnet3 becomes
 * vnet7); any other by its own name. While nobody tells who it serves, name and ifindex together keep the id that it had.
 */
export const pass: Pass = {
  id: "taps",
  after: ["links"],
  needs: ["ip-link"],
  optional: ["netns", "sysfs-net", "ovs", ...guestProbes.filter((probe) => probe !== "ip-link")],
  run(builder) {
    const links = fact(builder.facts, "ip-link");
    const world = linkWorld(links, builder.facts);
    const owners = new Map<string, { guest: KnownGuest; nic: GuestNic; at: number }>();
    for (const guest of guestsOf(builder.facts))
      for (const [at, nic] of guest.nics.entries())
        if (guest.alive && nic.tap !== undefined) owners.set(nic.tap, { guest, nic, at });
    for (const placed of placedLinks(builder, links)) {
      const kind = kindOf(placed, world);
      if ((kind !== "tap" && kind !== "macvtap") || isOvsBridge(placed, builder.facts)) continue;
      const owner = placed.netns === "" ? owners.get(placed.link.ifname) : undefined;
      const own = `${kind}:if:${sameInterface(placed)}`;
      builder.addNode({
        kind,
        name: placed.link.ifname,
        path: owner ? nicPath(owner.guest, owner.nic, owner.at) : linkPath(placed),
        keys: owner ? [`${kind}:${nicKey(owner.guest, owner.nic, owner.at)}`, own] : [own],
        attributes: {
          ...linkAttributes(placed),
          ...optional("mode", text(placed.link.linkinfo?.info_data?.mode)),
          ...(owner ? { vm: owner.guest.name, ...optional("guestMac", owner.nic.mac) } : {}),
        },
        ifindex: placed.link.ifindex,
        netns: placed.netns,
      });
    }
  },
};

const sameInterface = ({ link, netns }: PlacedLink): string => `${netns}/${link.ifindex}/${link.ifname}`;

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
