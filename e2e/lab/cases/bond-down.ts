import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "bond-down",
  check: "bond-down",
  base: "bond",
  story: "both cables are pulled",
  async inject(lab) {
    await lab.setLink("nic0", false);
    await lab.setLink("nic1", false);
    await lab.waitHv("the bond has no active member", 'test -z "$(cat /sys/class/net/bond0/bonding/active_slave)"');
  },
  shows: "grep -qx 0 /sys/class/net/bond0/carrier",
  expect: {
    subjects: ["bond/bond0"],
    impacts: ["web-01", "web-02"],
    alsoAllowed: ["nic-no-carrier", "bond-member-down", "bridge-no-uplink", "gateway-unreachable", "arp-incomplete"],
  },
  async heal(lab) {
    await lab.setLink("nic0", true);
    await lab.setLink("nic1", true);
    await lab.waitHv("the bond carries again", "grep -qx 1 /sys/class/net/bond0/carrier");
  },
});
