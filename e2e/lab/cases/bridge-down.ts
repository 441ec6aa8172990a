import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "bridge-down",
  check: "bridge-down",
  base: "bond",
  story: "someone set the bridge down; the kernel drops its routes with it",
  async inject(lab) {
    await lab.hv("ip link set br0 down");
  },
  shows: '! ip -br link show br0 | grep -q "[<,]UP[,>]"',
  expect: {
    subjects: ["bridge/br0"],
    impacts: ["web-01", "web-02"],
    alsoAllowed: ["gateway-missing", "gateway-unreachable", "arp-incomplete", "bridge-port-blocked"],
  },
  async heal(lab) {
    await lab.hv("ip link set br0 up && ip route replace default via 10.20.0.1 dev br0 onlink");
  },
});
