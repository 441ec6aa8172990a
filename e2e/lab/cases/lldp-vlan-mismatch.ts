import { defineCase } from "../cases";
import { vlans } from "../config";

export const labCase = defineCase({
  id: "lldp-vlan-mismatch",
  check: "lldp-vlan-mismatch",
  base: "vlan",
  story: "the switch's ports carry VLANs 20 and 30 only, as they say by LLDP; web-01 is in 10",
  async inject(lab) {
    await lab.announceVlans(vlans.filter(({ vid }) => vid !== 10));
    await lab.waitHv("lldpd heard it", "! lldpcli show neighbors ports nic0 details | grep -q 'VLAN: *10'", 30_000);
  },
  shows:
    "lldpcli show neighbors ports nic0 details | grep -q 'VLAN: *20' && ! lldpcli show neighbors ports nic0 details | grep -q 'VLAN: *10'",
  expect: {
    subjects: [/^nic\/nic[01]$/],
    impacts: [],
    mayImpact: ["web-01"],
    alsoAllowed: [],
  },
  async heal(lab) {
    await lab.announceVlans(vlans);
    await lab.waitHv("lldpd heard it", "lldpcli show neighbors ports nic0 details | grep -q 'VLAN: *10'", 30_000);
  },
});
