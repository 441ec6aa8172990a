import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "guest-no-address",
  check: "guest-no-address",
  base: "nat",
  // By default four minutes, as a guest may take to boot: more than a case waits.
  settings: { "guest-no-address.window": 30 },
  story: "someone set the DHCP client of web-01 up for the wrong interface: its lease is given back, it has no address",
  async inject(lab) {
    await lab.guest("web-01", "killall -USR2 udhcpc; sleep 2; killall udhcpc; ip addr flush dev eth0; true", 30_000);
    await lab.hv("ip neigh flush dev virbr0");
    await lab.waitHv("its lease is gone", "! virsh -q domifaddr web-01 --source lease | grep -q 192.168");
  },
  shows: "! virsh -q domifaddr web-01 --source lease | grep -q 192.168",
  expect: {
    subjects: [/^vnic\/web-01\//],
    impacts: [],
    mayImpact: ["web-01"],
    alsoAllowed: ["arp-incomplete"],
  },
  async heal(lab) {
    await lab.guest("web-01", "udhcpc -b -i eth0 -s /etc/udhcpc.script -x hostname:web-01 >/dev/null 2>&1", 40_000);
    await lab.waitHv("it has a lease", "virsh -q domifaddr web-01 --source lease | grep -q 192.168");
  },
});
