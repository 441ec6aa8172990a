import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "bridge-loop",
  check: "bridge-loop",
  base: "bond",
  story: "somebody joins br0 to itself by a veth pair (held to 50 packets a second, so that the machine lives)",
  async inject(lab) {
    await lab.hv(
      "ip link add loop0 type veth peer name loop1 && for end in loop0 loop1; do tc qdisc add dev $end root tbf rate 40kbit burst 2kb limit 4kb; ip link set $end master br0 up; done",
    );
  },
  shows: "ip -o link show master br0 | grep -q loop0 && ip -o link show master br0 | grep -q loop1",
  expect: {
    subjects: ["bridge/br0"],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: [
      "kernel-net-errors",
      "broadcast-storm",
      "fdb-guest-on-uplink",
      "arp-incomplete",
      "datapath-program",
      "mac-duplicate",
      "gateway-unreachable",
    ],
  },
  async heal(lab) {
    await lab.hv("ip link del loop0");
  },
});
