import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "icmp-ignored",
  check: "icmp-ignored",
  base: "bond",
  story: "a hardening script made the host ignore pings",
  async inject(lab) {
    await lab.hv("sysctl -qw net.ipv4.icmp_echo_ignore_all=1");
  },
  shows: 'test "$(sysctl -n net.ipv4.icmp_echo_ignore_all)" = 1',
  expect: {
    subjects: [/^host\//],
    impacts: [],
    alsoAllowed: [],
  },
  async heal(lab) {
    await lab.hv("sysctl -qw net.ipv4.icmp_echo_ignore_all=0");
  },
});
