import { defineCase } from "../cases";
import { labCase as gone } from "./dhcp-server-down";

export const labCase = defineCase({
  id: "dhcp-server-gone-guest-bare",
  check: "dhcp-server-down",
  base: "nat",
  // By default four minutes, as a guest may take to boot: more than a case waits.
  settings: { "guest-no-address.window": 30 },
  story: "web-01 gave its lease back, and libvirt's dnsmasq is gone when it wants another",
  async inject(lab) {
    await lab.guest("web-01", "killall -USR2 udhcpc; sleep 2; killall udhcpc; ip addr flush dev eth0; true", 30_000);
    await lab.waitHv("its lease is gone", "! virsh -q domifaddr web-01 --source lease | grep -q 192.168");
    await gone.inject(lab);
    await lab.hv("ip neigh flush dev virbr0");
  },
  shows: gone.shows,
  expect: {
    subjects: ["bridge/virbr0"],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["guest-no-address", "arp-incomplete"],
  },
  async heal(lab) {
    await gone.heal(lab);
    await lab.guest("web-01", "udhcpc -b -i eth0 -s /etc/udhcpc.script -x hostname:web-01 >/dev/null 2>&1", 40_000);
  },
});
