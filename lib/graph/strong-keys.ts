import { type Facts, factIfRead } from "../facts/facts";
import { kindOf, linkKeys, linkWorld } from "./links";

/** Strongest identity of everything on the host that can be known by more than its name: NICs. See IdentityBook. */
export function strongKeys(facts: Facts): ReadonlySet<string> {
  const links = factIfRead(facts, "ip-link") ?? [];
  const world = linkWorld(links, facts);
  const keys = new Set<string>();
  for (const link of links) {
    const placed = { link, netns: "" };
    keys.add(linkKeys(placed, kindOf(placed, world))[0]);
  }
  return keys;
}
