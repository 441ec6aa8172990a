import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "ovs-port-error",
  check: "ovs-port-error",
  base: "ovs",
  story: "a port was added for a device that is not there",
  async inject(lab) {
    await lab.hv("ovs-vsctl --no-wait add-port ovsbr0 ghost0");
    await lab.waitHv("Open vSwitch says so", "ovs-vsctl get Interface ghost0 error | grep -q device");
  },
  shows: "ovs-vsctl get Interface ghost0 error | grep -q device",
  expect: {
    subjects: ["ovs-port/ovsbr0/ghost0"],
    impacts: [],
    alsoAllowed: [],
  },
  async heal(lab) {
    await lab.hv("ovs-vsctl del-port ovsbr0 ghost0");
  },
});
