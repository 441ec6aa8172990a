import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "bond-members-differ",
  check: "bond-members-differ",
  base: "bond",
  story: "nic1 is set to MTU 1400 behind its bond's back",
  async inject(lab) {
    await lab.hv("ip link set nic1 mtu 1400");
  },
  shows: 'test "$(cat /sys/class/net/nic1/mtu)" = 1400',
  expect: {
    subjects: ["bond/bond0"],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["mtu-mismatch", "path-mtu-blackhole"],
  },
  async heal(lab) {
    await lab.hv("ip link set nic1 mtu 1500");
  },
});
