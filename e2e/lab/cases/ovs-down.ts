import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "ovs-down",
  check: "ovs-down",
  base: "ovs",
  story: "ovs-vswitchd was stopped",
  async inject(lab) {
    await lab.hv("systemctl stop ovs-vswitchd.service");
    await lab.waitHv("the daemon is gone", "! systemctl is-active -q ovs-vswitchd.service");
  },
  shows: "! systemctl is-active -q ovs-vswitchd.service",
  expect: {
    subjects: [/^host\//],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["arp-incomplete", "gateway-unreachable", "services-failed"],
  },
  async heal(lab) {
    await lab.hv("systemctl restart openvswitch-switch.service");
  },
});
