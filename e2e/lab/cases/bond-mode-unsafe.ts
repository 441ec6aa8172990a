import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "bond-mode-unsafe",
  check: "bond-mode-unsafe",
  base: "bond",
  story: "the bond is set to balance-rr under the guests' bridge",
  async inject(lab) {
    await lab.hv(
      "ip link set nic0 nomaster; ip link set nic1 nomaster; ip link set bond0 down && ip link set bond0 type bond mode balance-rr miimon 100 && ip link set nic0 down && ip link set nic1 down && ip link set nic0 master bond0 && ip link set nic1 master bond0 && ip link set bond0 up && ip link set nic0 up && ip link set nic1 up",
    );
  },
  shows: "grep -q 'round-robin' /proc/net/bonding/bond0",
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
