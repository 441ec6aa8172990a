import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "guest-off-subnet-lan",
  check: "guest-off-subnet",
  base: "bond",
  story:
    "web-01 on the LAN was cloned with an address of another site and asks in vain for that site's gateway; the owner lets Taproot listen",
  async inject(lab) {
    // The host knows of web-02, as of a guest that it has talked to: that one is where web-01 should be.
    await lab.hv("mkdir -p /etc/taproot && touch /etc/taproot/listen-arp && ping -q -c 2 -W 2 10.20.0.12");
    await lab.guest(
      "web-01",
      "ip addr flush dev eth0; ip addr add 10.99.0.5/16 dev eth0; (setsid ping -q -w 400 10.99.0.1 >/dev/null 2>&1 </dev/null &)",
    );
  },
  shows:
    "timeout 20 tcpdump -p -n -c 2 -i bond0 'arp[6:2] = 1 and ether src 52:54:00:5b:00:01' 2>/dev/null | grep -q 'tell 10.99.0.5'",
  expect: {
    subjects: ["vnic/web-01/52:54:00:5b:00:01"],
    impacts: [],
    mayImpact: ["web-01"],
    alsoAllowed: ["arp-incomplete"],
  },
  async heal(lab) {
    await lab.guest(
      "web-01",
      "killall ping; ip addr flush dev eth0; ip addr add 10.20.0.11/24 dev eth0; ip route add default via 10.20.0.1; ping -q -c 2 -W 2 10.20.0.1; true",
    );
  },
});
