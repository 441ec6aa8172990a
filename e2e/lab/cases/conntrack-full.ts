import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "conntrack-full",
  check: "conntrack-full",
  base: "bond",
  story: "the table of connections holds four, and four are open",
  async inject(lab) {
    await lab.hv(
      "sysctl -qw net.netfilter.nf_conntrack_max=4; for n in 1 2 3 4 5 6 7 8; do ping -q -c 1 -W 1 127.0.0.$n >/dev/null || true; done",
    );
    // Entries of UDP last three minutes, those of pings half a minute.
    await lab.hv("for n in 1 2 3 4 5 6 7 8; do echo x >/dev/udp/127.0.0.1/900$n || true; done");
    await lab.waitHv("the table is full", "test $(sysctl -n net.netfilter.nf_conntrack_count) -ge 4");
  },
  shows: "test $(sysctl -n net.netfilter.nf_conntrack_max) = 4",
  expect: {
    subjects: [/^host\//],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["gateway-unreachable", "arp-incomplete"],
  },
  async heal(lab) {
    // The kernel's complaint of a moment ago is in its log; emptied, it says that the fault is over.
    await lab.hv("sysctl -qw net.netfilter.nf_conntrack_max=65536; dmesg -C");
  },
});
