import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "rp-filter-drops",
  check: "rp-filter-drops",
  base: "bond",
  story: "br0 filters strictly, and web-01 sends from an address that the host routes elsewhere",
  async inject(lab) {
    await lab.hv("sysctl -qw net.ipv4.conf.br0.rp_filter=1 net.ipv4.conf.all.rp_filter=0");
    // The filter refuses the guest's ARP requests from that address as well, without counting them: it has to know the way.
    const mac = (await lab.hv("cat /sys/class/net/br0/address")).trim();
    await lab.guest(
      "web-01",
      `ip addr add 10.0.2.99/32 dev eth0; arp -s 10.20.0.10 ${mac}; ping -q -c 150 -I 10.0.2.99 10.20.0.10 >/dev/null 2>&1 &`,
    );
    await lab.waitHv(
      "the filter drops",
      "nstat -asz TcpExtIPReversePathFilter | awk '$2 > 3 { found = 1 } END { exit !found }'",
    );
  },
  shows: 'test "$(sysctl -n net.ipv4.conf.br0.rp_filter)" = 1',
  expect: {
    subjects: [/^host\//],
    impacts: [],
    alsoAllowed: ["kernel-net-errors"],
  },
  async heal(lab) {
    await lab.hv("sysctl -qw net.ipv4.conf.br0.rp_filter=2");
    await lab.guest("web-01", "killall ping; arp -d 10.20.0.10; ip addr del 10.0.2.99/32 dev eth0");
  },
});
