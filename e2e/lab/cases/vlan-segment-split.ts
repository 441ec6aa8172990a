import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "vlan-segment-split",
  check: "vlan-segment-split",
  base: "bond",
  story: "web-02's TAP is moved to a bridge of its own; its subnet and web-01 stay on br0",
  async inject(lab) {
    await lab.hv(
      "ping -q -c 1 -W 5 10.20.0.11 >/dev/null; ping -q -c 1 -W 5 10.20.0.12 >/dev/null; ip link add br1 type bridge && ip link set br1 up && ip link set vnet1 master br1",
    );
  },
  shows: "ip -o link show master br1 | grep -q vnet1",
  expect: {
    subjects: ["vnic/web-02/52:54:00:5b:00:02"],
    impacts: [],
    mayImpact: ["web-02"],
    alsoAllowed: ["tap-wrong-bridge", "tap-not-enslaved", "bridge-no-uplink", "arp-incomplete"],
  },
  async heal(lab) {
    await lab.hv("ip link set vnet1 master br0 && ip link del br1");
  },
});
