import type { CauseRule } from "./define";

/** libvirt's rules forward only what comes from the network's own subnet: a guest with an address of another one is dropped by them, and it is the address that is wrong. */
export const rule: CauseRule = {
  id: "off-subnet-meets-nat-rules",
  cause: ["guest-off-subnet", "vnic-on-nat"],
  effect: ["firewall-drops-path"],
  lab: { case: "guest-off-subnet" },
  links: (cause, effect, graph) =>
    graph.towardsWire(cause.subject).some((edge) => edge.kind === "tap-vnic" && edge.from === effect.subject),
};
