import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "address-on-member",
  check: "address-on-member",
  base: "bond",
  story: "the host's address and default route were left on the bond after it became a port of br0",
  async inject(lab) {
    await lab.hv(
      "ip addr del 10.20.0.10/24 dev br0; ip addr add 10.20.0.10/24 dev bond0 && ip route replace default via 10.20.0.1 dev bond0",
    );
  },
  shows: 'ip -4 addr show dev bond0 | grep -q 10.20.0.10 && ip -o link show bond0 | grep -q "master br0"',
  expect: {
    subjects: ["bond/bond0"],
    impacts: [],
    alsoAllowed: ["gateway-unreachable", "gateway-off-subnet", "arp-incomplete"],
  },
  async heal(lab) {
    await lab.hv(
      "ip addr del 10.20.0.10/24 dev bond0; ip addr add 10.20.0.10/24 dev br0 && ip route replace default via 10.20.0.1 dev br0 onlink",
    );
  },
});
