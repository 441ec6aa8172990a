import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "neighbour-table-overflow",
  check: "neighbour-table-overflow",
  base: "bond",
  story: "the ARP table takes three neighbours and more are asked for",
  async inject(lab) {
    await lab.hv("for n in 1 2 3; do sysctl -qw net.ipv4.neigh.default.gc_thresh$n=$n; done");
    await lab.hv("for n in $(seq 60 80); do ping -q -c 1 -W 1 10.20.0.$n >/dev/null & done; wait; true");
    await lab.waitHv(
      "the kernel refuses neighbours",
      "dmesg | grep -qiE 'neighbou?r(: arp_cache: neighbor)? table overflow'",
    );
  },
  shows: "test $(sysctl -n net.ipv4.neigh.default.gc_thresh3) = 3",
  expect: {
    subjects: [/^host\//],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["gateway-unreachable", "arp-incomplete"],
  },
  async heal(lab) {
    await lab.hv(
      "sysctl -qw net.ipv4.neigh.default.gc_thresh3=1024 net.ipv4.neigh.default.gc_thresh2=512 net.ipv4.neigh.default.gc_thresh1=128; ip neigh flush dev br0",
    );
    // What was refused in the last minute is still told.
    await new Promise((resolve) => setTimeout(resolve, 40_000));
  },
});
