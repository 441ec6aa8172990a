import { defineCase } from "../cases";

const config = [
  "start 192.168.50.150",
  "end 192.168.50.160",
  "interface eth0",
  "lease_file /udhcpd.leases",
  "pidfile /udhcpd.pid",
  "option subnet 255.255.255.0",
  "option router 192.168.50.1",
];

export const labCase = defineCase({
  id: "dhcp-rogue",
  check: "dhcp-rogue",
  base: "nat",
  story:
    "web-02 runs a DHCP server of its own beside libvirt's, and gives out another subnet; the owner lets Taproot ask",
  async inject(lab) {
    await lab.hv("mkdir -p /etc/taproot && touch /etc/taproot/ask-dhcp");
    await lab.guest(
      "web-02",
      `printf '${config.join("\\n")}\\n' >/udhcpd.conf; : >/udhcpd.leases; udhcpd /udhcpd.conf; true`,
    );
  },
  shows: 'lab-guest-shell web-02 "kill -0 \\$(cat /udhcpd.pid) && echo alive" 20 | grep -q alive',
  expect: {
    subjects: ["bridge/virbr0"],
    impacts: [],
    mayImpact: [],
    alsoAllowed: [],
  },
  async heal(lab) {
    await lab.guest("web-02", "killall udhcpd; true");
  },
});
