import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "bridge-port-blocked",
  check: "bridge-port-blocked",
  base: "bond",
  story: "someone set the state of web-01's port to disabled; STP is off, nothing will set it back",
  async inject(lab) {
    await lab.hv("bridge link set dev vnet0 state 0");
    await lab.waitHv("the port is disabled", "bridge link show dev vnet0 | grep -q 'state disabled'");
  },
  shows: "bridge link show dev vnet0 | grep -q 'state disabled'",
  expect: {
    subjects: ["bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01"],
    impacts: ["web-01"],
    mayImpact: ["web-01"],
    alsoAllowed: ["arp-incomplete"],
  },
  async heal(lab) {
    await lab.hv("bridge link set dev vnet0 state 3");
  },
});
