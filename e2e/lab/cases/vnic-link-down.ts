import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "vnic-link-down",
  check: "vnic-link-down",
  base: "bond",
  story: "web-01's virtual cable was pulled for maintenance and forgotten",
  async inject(lab) {
    await lab.hv("virsh -q domif-setlink web-01 vnet0 down");
  },
  shows: 'virsh domif-getlink web-01 vnet0 | grep -q "down"',
  expect: {
    subjects: ["vnic/web-01/52:54:00:5b:00:01"],
    impacts: ["web-01"],
    alsoAllowed: ["arp-incomplete"],
  },
  async heal(lab) {
    await lab.hv("virsh -q domif-setlink web-01 vnet0 up");
  },
});
