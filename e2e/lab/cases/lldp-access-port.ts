import { defineCase } from "../cases";
import { hypervisor } from "../config";
import { labCase as silent } from "./vlan-silent";

/** The untagged VLAN and nothing else (IEEE 802.1 TLV, OUI 00-80-c2, subtype 1), as an access port tells it. */
const untaggedOnly = "lldp custom-tlv add oui 00,80,c2 subtype 1 oui-info 00,01".split(" ");

export const labCase = defineCase({
  id: "lldp-access-port",
  check: "lldp-vlan-mismatch",
  base: "bond",
  story:
    "the host gets a VLAN 40 over access ports: by LLDP they tell their untagged VLAN and no other, and nothing tagged ever came in",
  async inject(lab) {
    for (const { port } of hypervisor.nics) await lab.switchLldp(["configure", "ports", port, ...untaggedOnly]);
    await lab.waitHv("lldpd heard it", "lldpcli show neighbors ports nic0 details | grep -q 'VLAN: *1'", 40_000);
    await silent.inject(lab);
  },
  shows: `${silent.shows} && lldpcli show neighbors ports nic0 details | grep -q 'VLAN: *1' && ! lldpcli show neighbors ports nic0 details | grep -q 'VLAN: *[2-9]'`,
  expect: { subjects: [/^nic\/nic[01]$/], impacts: [], alsoAllowed: ["vlan-silent", "arp-incomplete"] },
  heal: silent.heal,
});
