import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "bond-lacp-failed",
  check: "bond-lacp-failed",
  base: "bond",
  story: "the bond is set to 802.3ad, the switch knows nothing of it",
  async inject(lab) {
    await lab.hv(
      "ip link set nic0 nomaster; ip link set nic1 nomaster; ip link set bond0 down && ip link set bond0 type bond mode 802.3ad miimon 100 && ip link set nic0 down && ip link set nic1 down && ip link set nic0 master bond0 && ip link set nic1 master bond0 && ip link set bond0 up && ip link set nic0 up && ip link set nic1 up",
    );
    await lab.waitHv(
      "a member has link again",
      "grep -A1 'Slave Interface' /proc/net/bonding/bond0 | grep -q 'MII Status: up'",
    );
  },
  shows:
    "grep -q 'IEEE 802.3ad' /proc/net/bonding/bond0 && grep -q 'Partner Mac Address: 00:00:00:00:00:00' /proc/net/bonding/bond0",
  expect: {
    subjects: ["bond/bond0"],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["nic-flapping", "arp-incomplete", "gateway-unreachable"],
  },
  async heal(lab) {
    await lab.hv(
      "ip link set nic0 nomaster; ip link set nic1 nomaster; ip link set bond0 down && ip link set bond0 type bond mode active-backup miimon 100 && ip link set nic0 down && ip link set nic1 down && ip link set nic0 master bond0 && ip link set nic1 master bond0 && ip link set bond0 up && ip link set nic0 up && ip link set nic1 up",
    );
  },
});
