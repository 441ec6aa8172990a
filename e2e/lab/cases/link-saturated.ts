import { defineCase } from "../cases";

const come = "$(($(cat /sys/class/net/nic1/statistics/rx_bytes) - $(cat /run/lab-before)))";

export const labCase = defineCase({
  id: "link-saturated",
  check: "link-saturated",
  base: "bond",
  // An emulated machine does not take in ten Mbit/s: a twentieth of it is called full here, and half a minute long enough.
  settings: { "link-saturated.percent": 5, "link-saturated.window": 30 },
  story:
    "nic1, the spare member of the bond, came up at 10 Mbit/s, and the switch sends more than a twentieth of that, which is the threshold of this case",
  async inject(lab) {
    await lab.hv("ethtool -s nic1 speed 10; cat /sys/class/net/nic1/statistics/rx_bytes >/run/lab-before");
    // What fills it goes to the bond's own MAC (the NIC takes in no other) and to an address that nobody has; it ends by itself.
    const mac = (await lab.hv("cat /sys/class/net/bond0/address")).trim();
    await lab.switchNs("ip route replace 198.18.0.2 dev swp2".split(" "));
    await lab.switchNs(`ip neigh replace 198.18.0.2 lladdr ${mac} dev swp2 nud permanent`.split(" "));
    await lab.switchNs(["sh", "-c", "setsid ping -q -i 0.004 -s 1400 -w 240 198.18.0.2 </dev/null >/dev/null 2>&1 &"]);
    await lab.waitHv("half a minute of a twentieth has come in", `test ${come} -gt 2500000`, 120_000);
  },
  shows: 'test "$(cat /sys/class/net/nic1/speed)" = 10',
  expect: {
    subjects: ["nic/nic1"],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["nic-speed-mismatch", "bond-members-differ", "nic-ring-overrun", "softnet-drops"],
  },
  async heal(lab) {
    await lab.switchNs("ip route del 198.18.0.2 dev swp2".split(" "));
    await lab.hv("ethtool -s nic1 speed 10000 duplex full");
  },
});
