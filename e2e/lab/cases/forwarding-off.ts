import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "forwarding-off",
  check: "forwarding-off",
  base: "nat",
  story: "a hardening script switched forwarding off",
  async inject(lab) {
    await lab.hv("sysctl -qw net.ipv4.ip_forward=0");
  },
  shows: 'test "$(sysctl -n net.ipv4.ip_forward)" = 0',
  expect: {
    subjects: [/^host\//],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: [],
  },
  async heal(lab) {
    await lab.hv("sysctl -qw net.ipv4.ip_forward=1");
  },
});
