import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "gateway-off-subnet",
  check: "gateway-off-subnet",
  base: "bond",
  story: "the default route names a gateway of another subnet",
  async inject(lab) {
    await lab.hv("ip route replace default via 10.99.0.1 dev br0 onlink");
  },
  shows: "ip route show default | grep -q 10.99.0.1",
  expect: {
    subjects: ["gateway/10.99.0.1"],
    impacts: [],
    alsoAllowed: ["arp-incomplete", "gateway-unreachable"],
  },
  async heal(lab) {
    await lab.hv("ip route replace default via 10.20.0.1 dev br0");
  },
});
