import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "datapath-program",
  check: "datapath-program",
  base: "bond",
  story: "a tc rule left by a test drops everything that web-01 sends",
  async inject(lab) {
    await lab.hv("tc qdisc add dev vnet0 clsact && tc filter add dev vnet0 ingress matchall action drop");
  },
  shows: "tc filter show dev vnet0 ingress | grep -q drop",
  expect: {
    subjects: ["tap/web-01/52:54:00:5b:00:01"],
    impacts: ["web-01"],
    alsoAllowed: ["arp-incomplete"],
  },
  async heal(lab) {
    await lab.hv("tc qdisc del dev vnet0 clsact");
  },
});
