import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "fdb-static-wrong",
  check: "fdb-static-wrong",
  base: "bond",
  // Without "sticky" the kernel moves even a static entry back with the guest's next frame (br_fdb_update), and nobody suffers for long.
  story: "a static, sticky entry sends web-01's frames to web-02's port",
  async inject(lab) {
    await lab.hv("bridge fdb replace 52:54:00:5b:00:01 dev vnet1 master static sticky");
  },
  shows: "bridge fdb show dev vnet1 | grep 52:54:00:5b:00:01 | grep static | grep -q sticky",
  expect: {
    subjects: ["vnic/web-01/52:54:00:5b:00:01"],
    impacts: ["web-01"],
    mayImpact: ["web-01"],
    alsoAllowed: ["arp-incomplete"],
  },
  async heal(lab) {
    await lab.hv("bridge fdb del 52:54:00:5b:00:01 dev vnet1 master");
  },
});
