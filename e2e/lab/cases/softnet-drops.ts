import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "softnet-drops",
  check: "softnet-drops",
  base: "bond",
  story: "a backlog of one packet: what comes in bunches on a virtual interface is lost before any bridge sees it",
  async inject(lab) {
    // A reply in twenty fragments is queued as one bunch; a request alone would be taken off before the next comes. Ends by itself.
    await lab.hv(
      "sysctl -qw net.core.netdev_max_backlog=0; ip link set lo mtu 1500; systemd-run -q --unit=burst timeout 90 ping -q -s 28000 -i 0.2 127.0.0.1",
    );
    await lab.waitHv(
      "frames are dropped",
      "awk '$2 != \"00000000\" { found = 1 } END { exit !found }' /proc/net/softnet_stat",
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
    await lab.hv("systemctl stop burst || true; sysctl -qw net.core.netdev_max_backlog=1000; ip link set lo mtu 65536");
  },
});
