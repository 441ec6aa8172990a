import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "gateway-missing",
  check: "gateway-missing",
  base: "bond",
  story: "the default route was deleted",
  async inject(lab) {
    await lab.hv("ip route del default");
  },
  shows: 'test -z "$(ip route show default)"',
  expect: {
    subjects: [/^(host\/.*|bridge\/br0)$/],
    impacts: [],
    alsoAllowed: [],
  },
  async heal(lab) {
    await lab.hv("ip route add default via 10.20.0.1 dev br0 onlink");
  },
});
