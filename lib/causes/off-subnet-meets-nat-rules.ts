import type { Finding } from "../checks/finding";
import type { CauseRule } from "./define";

/**
 * libvirt's rules forward only what comes from the network's own subnet: a guest with an address of another one - or of the LAN, where somebody expects it to be - is dropped by
 * them, and it is the address that is wrong. Who else drops on that TAP has nothing to do with it.
 */
export const rule: CauseRule = {
  id: "off-subnet-meets-nat-rules",
  cause: ["guest-off-subnet", "vnic-on-nat"],
  effect: ["firewall-drops-path"],
  lab: { case: "guest-off-subnet" },
  links: (cause, effect, graph) =>
    byLibvirt(effect) &&
    graph.towardsWire(cause.subject).some((edge) => edge.kind === "tap-vnic" && edge.from === effect.subject),
};

/** Chains of libvirt's networks: by iptables, and by nftables since libvirt 10.4 (https://libvirt.org/firewall.html). */
const byLibvirt = ({ params }: Finding): boolean =>
  /^LIBVIRT_FW[IOX]$/.test(String(params.chain)) || params.table === "libvirt_network";
