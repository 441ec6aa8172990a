/**
 * Faults whose case has held on the lab from end to end: the right check, on the right node or edge, the right guests impacted, nothing else red, cleared when
 * healed. `core` runs each time, the rest in turns. A case that stands in neither has been written and not yet been seen to hold: it is a claim.
 */
export const core: readonly string[] = [
  "nic-no-carrier",
  "bond-member-down",
  "bond-down",
  "bridge-down",
  "tap-not-enslaved",
  "mtu-mismatch",
  "arp-incomplete",
];

export const inTurns: readonly string[] = [
  "nic-admin-down",
  "bridge-filter-drops",
  "bridge-no-uplink",
  "tap-down",
  "firewall-drops-icmp",
  "mac-duplicate",
  "bond-member-missing",
  "mac-invalid",
  "mac-allowlist",
  "gateway-missing",
  "address-on-member",
  "bridge-netfilter-drop",
  "datapath-program",
  "nic-speed-mismatch",
];

/** How many of `inTurns` one run takes. */
const each = 3;

/** The part of this run: another one each day, the whole within five. */
export function turn(now: number): string[] {
  const day = Math.floor(now / 86_400_000);
  return Array.from(
    { length: Math.min(each, inTurns.length) },
    (_, at) => inTurns[(day * each + at) % inTurns.length] ?? "",
  );
}
