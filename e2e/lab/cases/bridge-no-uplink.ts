import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "bridge-no-uplink",
  check: "bridge-no-uplink",
  base: "bond",
  story: "the bond was taken off the bridge: guests reach each other and nothing else",
  async inject(lab) {
    await lab.hv("ip link set bond0 nomaster");
  },
  shows: "! ip -o link show master br0 | grep -q bond0 && ip -o link show master br0 | grep -q vnet0",
  expect: {
    subjects: ["bridge/br0"],
    impacts: ["web-01", "web-02"],
    alsoAllowed: ["gateway-unreachable", "arp-incomplete"],
  },
  async heal(lab) {
    await lab.hv("ip link set bond0 master br0");
  },
});
