import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "bond-member-down",
  check: "bond-member-down",
  base: "bond",
  story: "the cable of nic0, the active member, is pulled: the bond fails over, redundancy is lost, traffic flows",
  async inject(lab) {
    await lab.setLink("nic0", false);
    await lab.waitHv("the bond failed over", "grep -qx nic1 /sys/class/net/bond0/bonding/active_slave");
  },
  shows:
    'grep -qx nic1 /sys/class/net/bond0/bonding/active_slave && grep -A1 "Slave Interface: nic0" /proc/net/bonding/bond0 | grep -q "MII Status: down"',
  expect: {
    subjects: ["bond/bond0"],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["nic-no-carrier"],
  },
  async heal(lab) {
    await lab.setLink("nic0", true);
    await lab.waitHv(
      "the bond has nic0 again",
      'grep -A1 "Slave Interface: nic0" /proc/net/bonding/bond0 | grep -q "MII Status: up"',
    );
  },
});
