import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "vlan-silent",
  check: "vlan-silent",
  base: "bond",
  story: "the host gets a VLAN 40, which the switch does not carry: it asks and hears nothing",
  async inject(lab) {
    await lab.hv(
      "ip link add link bond0 name bond0.40 type vlan id 40 && ip addr add 10.20.140.10/24 dev bond0.40 && ip link set bond0.40 up; (timeout 60 ping -q -i 0.5 -c 100 10.20.140.1 >/dev/null 2>&1 &) ; (timeout 20 ping -q -i 0.2 -c 80 10.20.0.1 >/dev/null 2>&1 &)",
    );
    await lab.waitHv(
      "it has asked often enough",
      'test "$(cat /sys/class/net/bond0.40/statistics/tx_packets)" -ge 20',
      40_000,
    );
  },
  shows: 'test "$(cat /sys/class/net/bond0.40/statistics/rx_packets)" = 0',
  expect: {
    subjects: ["vlan/bond0.40"],
    impacts: [],
    mayImpact: [],
    alsoAllowed: ["arp-incomplete", "lldp-vlan-mismatch"],
  },
  async heal(lab) {
    await lab.hv("ip link del bond0.40");
  },
});
