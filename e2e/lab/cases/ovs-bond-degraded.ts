import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "ovs-bond-degraded",
  check: "ovs-bond-degraded",
  base: "ovs",
  story: "one NIC of the bond was set down",
  async inject(lab) {
    await lab.hv("ip link set nic1 down");
  },
  shows: "! ip link show nic1 | grep -q 'state UP'",
  expect: {
    subjects: ["ovs-port/ovsbr0/bond1"],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["nic-admin-down", "cabling-changed"],
  },
  async heal(lab) {
    await lab.hv("ip link set nic1 up");
  },
});
