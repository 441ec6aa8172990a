import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "subnet-overlap",
  check: "subnet-overlap",
  base: "bond",
  story: "br0 was given an address of virbr0's subnet",
  async inject(lab) {
    await lab.hv("ip addr add 192.168.122.77/24 dev br0");
  },
  shows: "ip -4 addr show dev br0 | grep -q 192.168.122.77",
  expect: {
    subjects: [/^bridge\/(br0|virbr0)$/],
    impacts: [],
    alsoAllowed: [],
  },
  async heal(lab) {
    await lab.hv("ip addr del 192.168.122.77/24 dev br0");
  },
});
