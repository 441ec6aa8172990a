import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "bridge-port-flags",
  check: "bridge-port-flags",
  base: "bond",
  story: "learning and flooding are switched off on web-01's port: nothing that is meant for it gets there",
  async inject(lab) {
    await lab.hv(
      "bridge link set dev vnet0 learning off flood off; bridge fdb del 52:54:00:5b:00:01 dev vnet0 master 2>/dev/null || true",
    );
  },
  shows: "bridge -d link show dev vnet0 | grep -q 'learning off flood off'",
  expect: {
    subjects: ["bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01"],
    impacts: ["web-01"],
    mayImpact: ["web-01"],
    alsoAllowed: ["arp-incomplete"],
  },
  async heal(lab) {
    await lab.hv("bridge link set dev vnet0 learning on flood on");
  },
});
