import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "multicast-no-querier",
  check: "multicast-no-querier",
  base: "bond",
  story: "web-01's port no longer gets flooded multicast, and nobody asks for memberships",
  async inject(lab) {
    await lab.hv("bridge link set dev vnet0 mcast_flood off");
  },
  shows: "bridge -d link show dev vnet0 | grep -q 'mcast_flood off'",
  expect: {
    subjects: ["bridge/br0"],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: [],
  },
  async heal(lab) {
    await lab.hv("bridge link set dev vnet0 mcast_flood on");
  },
});
