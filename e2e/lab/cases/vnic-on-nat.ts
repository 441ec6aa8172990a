import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "vnic-on-nat",
  check: "vnic-on-nat",
  base: "nat",
  story: "web-01 hangs on the NAT network and was given a fixed address of the LAN on br0",
  async inject(lab) {
    // libvirt lets only addresses of its own subnet through the host: that filter is seen as well.
    // -USR2: gives its lease back, as a client does that is switched off.
    await lab.guest(
      "web-01",
      "killall -USR2 udhcpc; sleep 2; killall udhcpc; ip addr flush dev eth0; ip addr add 10.20.0.77/24 dev eth0; ip route add 192.168.122.0/24 dev eth0; true",
      30_000,
    );
    await lab.hv("ip neigh flush dev virbr0");
    await lab.guest("web-01", "arping -q -c 2 -w 3 -I eth0 192.168.122.1; true");
    await lab.waitHv("libvirt heard of it", "virsh -q domifaddr web-01 --source arp | grep -q 10.20.0.77");
    await lab.waitHv("the lease is gone", "! virsh -q domifaddr web-01 --source lease | grep -q 192.168");
  },
  shows: "virsh -q domifaddr web-01 --source arp | grep -q 10.20.0.77",
  expect: {
    subjects: [/^vnic\/web-01\//],
    impacts: [],
    mayImpact: ["web-01"],
    alsoAllowed: ["guest-no-address", "arp-incomplete"],
  },
  async heal(lab) {
    await lab.guest(
      "web-01",
      "ip addr flush dev eth0; udhcpc -b -i eth0 -s /etc/udhcpc.script -x hostname:web-01 >/dev/null 2>&1",
      40_000,
    );
    await lab.hv("ip neigh flush dev virbr0; ping -q -c 2 -W 2 192.168.122.11");
  },
});
