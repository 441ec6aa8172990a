import { defineCase } from "../cases";

const come = "$(($(cat /sys/class/net/nic1/statistics/rx_bytes) - $(cat /run/lab-before)))";

export const labCase = defineCase({
  id: "link-saturated",
  check: "link-saturated",
  base: "bond",
  story: "nic1, the spare member of the bond, came up at 10 Mbit/s, and the switch fills it for more than two minutes",
  async inject(lab) {
    await lab.hv("ethtool -s nic1 speed 10; cat /sys/class/net/nic1/statistics/rx_bytes >/run/lab-before");
    // A wire of that speed: no more passes, however much is offered. What fills it is for nobody, and ends by itself.
    await lab.switchNs("tc qdisc replace dev swp2 root tbf rate 10mbit burst 64kb latency 100ms".split(" "));
    await lab.switchNs("ip route replace 198.18.0.2 dev swp2".split(" "));
    await lab.switchNs("ip neigh replace 198.18.0.2 lladdr 02:00:5e:00:53:01 dev swp2 nud permanent".split(" "));
    // Large frames: an emulated machine is slow by the frame, not by the byte.
    await lab.switchNs("ip link set swp2 mtu 9000".split(" "));
    const fill = "setsid ping -q -i 0.01 -s 8900 -w 420 198.18.0.2 </dev/null >/dev/null 2>&1 &";
    await lab.switchNs(["sh", "-c", `${fill} ${fill} ${fill}`]);
    await lab.waitHv("two minutes of ten Mbit/s have come in", `test ${come} -gt 160000000`, 300_000);
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
    await lab.switchNs("tc qdisc del dev swp2 root".split(" "));
    await lab.switchNs("ip link set swp2 mtu 1500".split(" "));
    await lab.hv("ethtool -s nic1 speed 10000 duplex full");
  },
});
