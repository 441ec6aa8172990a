import { defineCase } from "../cases";
import { vlans } from "../config";
import { labCase as silent } from "./vlan-silent";

export const labCase = defineCase({
  id: "vlan-silent-by-switch",
  check: "lldp-vlan-mismatch",
  base: "bond",
  story: "the host gets a VLAN 40, and the switch's ports say by LLDP that they carry 10, 20 and 30 only",
  async inject(lab) {
    await lab.announceVlans(vlans);
    await lab.waitHv("lldpd heard it", "lldpcli show neighbors ports nic0 details | grep -q 'VLAN: *10'", 40_000);
    await silent.inject(lab);
  },
  shows: silent.shows,
  expect: { subjects: [/^nic\/nic[01]$/], impacts: [], alsoAllowed: ["vlan-silent", "arp-incomplete"] },
  heal: silent.heal,
});
