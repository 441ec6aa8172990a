import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "bridge-loop",
  check: "bridge-loop",
  base: "bond",
  // A loop of a real host floods as fast as its CPUs can. Guests emulated within an emulated machine would drown in that.
  settings: { "broadcast-storm.rate": 8 },
  story:
    "somebody joins br0 to itself by a veth pair (held to about 15 packets a second each way, so that the machine lives; eight a second are a storm in this case)",
  async inject(lab) {
    await lab.hv(
      "ip link add loop0 type veth peer name loop1 && for end in loop0 loop1; do tc qdisc add dev $end root tbf rate 8kbit burst 2kb limit 4kb; ip link set $end master br0 up; done",
    );
    // What the host and a guest ask everybody goes round from now on.
    await lab.hv("ping -q -c 1 -W 1 10.20.0.99 || true");
    await lab.guest("web-01", "ping -q -c 1 -W 1 10.20.0.98; true");
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
