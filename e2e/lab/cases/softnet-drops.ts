import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "softnet-drops",
  check: "softnet-drops",
  base: "bond",
  story: "a backlog of one packet: bursts on a virtual interface are lost before any bridge sees them",
  async inject(lab) {
    await lab.hv("sysctl -qw net.core.netdev_max_backlog=0");
    // Bursts of 60 to ourselves, for a minute: each is more than the backlog takes.
    await lab.hv(
      "systemd-run -q --unit=burst timeout 60 sh -c 'while :; do ping -q -l 60 -c 60 -W 1 127.0.0.1 >/dev/null; sleep 0.2; done'; sleep 3",
    );
  },
  shows: "test $(sysctl -n net.core.netdev_max_backlog) = 0",
  expect: {
    subjects: [/^host\//],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["host-cpu-saturated", "gateway-unreachable", "arp-incomplete"],
  },
  async heal(lab) {
    await lab.hv("systemctl stop burst || true; sysctl -qw net.core.netdev_max_backlog=1000");
  },
});
