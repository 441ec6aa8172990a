import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "guest-off-subnet",
  check: "guest-off-subnet",
  base: "nat",
  story: "web-01 was given a fixed address of another network",
  async inject(lab) {
    await lab.guest(
      "web-01",
      "killall udhcpc; ip addr flush dev eth0; ip addr add 10.99.0.5/16 dev eth0; ip route add 192.168.122.0/24 dev eth0; ping -q -c 2 -W 1 192.168.122.1; true",
    );
    await lab.hv("ip neigh flush dev virbr0");
    await lab.guest("web-01", "arping -q -c 2 -w 3 -I eth0 192.168.122.1; true");
    await lab.waitHv("the host heard of it", "ip neigh show dev virbr0 | grep -q 10.99.0.5");
  },
  shows: "ip neigh show dev virbr0 | grep -q 10.99.0.5",
  expect: {
    subjects: [/^vnic\/web-01\//],
    impacts: [],
    mayImpact: ["web-01"],
    alsoAllowed: ["arp-incomplete"],
  },
  async heal(lab) {
    await lab.guest("web-01", "ip addr flush dev eth0; ip addr add 192.168.122.11/24 dev eth0");
    await lab.hv("ip neigh flush dev virbr0; ping -q -c 2 -W 2 192.168.122.11");
  },
});
