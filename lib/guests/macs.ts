import { type Facts, factIfRead } from "../facts/facts";

/** MAC of each interface of the host, by name: libvirt derives a TAP's from the guest's. */
export function tapMacs(facts: Facts): ReadonlyMap<string, string> {
  return new Map((factIfRead(facts, "ip-link") ?? []).map((link) => [link.ifname, link.address ?? ""]));
}
