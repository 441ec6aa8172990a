import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "bond-member-missing",
  check: "bond-member-missing",
  base: "bond",
  story: "nic1 is taken out of the bond; /etc/network/interfaces still puts it there",
  async inject(lab) {
    await lab.hv("ip link set nic1 nomaster");
  },
  shows: "test ! -e /sys/class/net/nic1/master",
  expect: {
    subjects: ["bond/bond0"],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["nic-admin-down", "nic-flapping"],
  },
  async heal(lab) {
    await lab.hv("ip link set nic1 down && ip link set nic1 master bond0");
  },
});
