import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "datapath-program-policer",
  check: "datapath-program",
  base: "bond",
  story:
    "a limit of 8 kbit/s was set on web-01's TAP by hand, for a measurement, and is still there: it drops most of what the guest sends",
  async inject(lab) {
    await lab.hv(
      "tc qdisc add dev vnet0 clsact && tc filter add dev vnet0 ingress matchall action police rate 8kbit burst 3k conform-exceed drop/pipe",
    );
    await lab.guest("web-01", "ping -q -c 40 -i 0.1 -s 1000 -W 1 10.20.0.1 >/dev/null; true", 40_000);
    await lab.waitHv("the policer has dropped", "tc -s filter show dev vnet0 ingress | grep -qE 'dropped [1-9]'");
  },
  shows: "tc -s filter show dev vnet0 ingress | grep -qE 'dropped [1-9]'",
  expect: {
    subjects: ["tap/web-01/52:54:00:5b:00:01"],
    impacts: [],
    mayImpact: ["web-01"],
    alsoAllowed: ["arp-incomplete"],
  },
  async heal(lab) {
    await lab.hv("tc qdisc del dev vnet0 clsact");
  },
});
