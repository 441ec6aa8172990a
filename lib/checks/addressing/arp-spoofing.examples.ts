import type { CheckExamples, Sample } from "../define";
import { bondHost, edit, factsOf, macOf, unread } from "../testing";
import { numberOf } from "./arp-spoofing";

const right = "52:54:00:4c:ff:01";

export const examples: CheckExamples = {
  bad: [
    {
      name: "one guest stands for two others, for long",
      expect: "fail",
      facts: claimed(macOf(2), macOf(2)),
      subject: "host/self",
      samples: { claims: minutes(1, 1, 1) },
    },
    {
      name: "a guest took its place",
      expect: "fail",
      facts: gatewayIs(macOf(2)),
      subject: "gateway/10.20.0.1",
      samples: { mac: row(right, right, macOf(2)) },
    },
    {
      name: "back and forth",
      expect: "fail",
      facts: gatewayIs("02:00:00:00:00:66"),
      subject: "gateway/10.20.0.1",
      samples: { mac: row(right, "02:00:00:00:00:66", right, "02:00:00:00:00:66") },
    },
    {
      name: "another once",
      expect: "warn",
      facts: gatewayIs("02:00:00:00:00:66"),
      subject: "gateway/10.20.0.1",
      samples: { mac: row(right, right, "02:00:00:00:00:66") },
    },
  ],
  good: [
    {
      name: "each guest has its own entry",
      expect: "pass",
      facts: claimed(macOf(1), macOf(3)),
      subject: "host/self",
    },
    {
      name: "one guest stands for two others since a minute: they may have moved",
      expect: "pass",
      facts: claimed(macOf(2), macOf(2)),
      subject: "host/self",
      samples: { claims: minutes(0, 0, 1) },
    },
    {
      name: "a router with proxy ARP answers for guests",
      expect: "pass",
      facts: claimed(right, right),
      subject: "host/self",
      samples: { claims: minutes(1, 1, 1) },
    },
    {
      name: "the shared MAC of a virtual router",
      expect: "pass",
      facts: claimed("00:00:5e:00:01:07", "00:00:5e:00:01:07"),
      subject: "host/self",
      samples: { claims: minutes(1, 1, 1) },
    },
    {
      name: "a machine with many addresses of its own",
      expect: "not-applicable",
      facts: edit(bondHost(), "ip-neigh", (all) => [
        ...all,
        ...[50, 51, 52].map((one) => ({
          family: "inet" as const,
          dst: `10.20.0.${one}`,
          dev: "br0",
          lladdr: "02:00:00:00:00:66",
          state: ["STALE"],
        })),
      ]),
      subject: "host/self",
    },
    {
      name: "a planned failover and its way back, the first of which has left the window",
      expect: "pass",
      facts: gatewayIs(right),
      subject: "gateway/10.20.0.1",
      samples: {
        mac: [
          { at: -10_000, value: numberOf(right) ?? 0 },
          { at: 0, value: numberOf("02:00:00:00:00:66") ?? 0 },
          { at: 285_000, value: numberOf("02:00:00:00:00:66") ?? 0 },
          { at: 300_000, value: numberOf(right) ?? 0 },
          { at: 1_000_000, value: numberOf(right) ?? 0 },
        ],
      },
    },
    {
      name: "the same all along",
      expect: "pass",
      facts: bondHost(),
      subject: "gateway/10.20.0.1",
      samples: { mac: row(right, right, right) },
    },
    {
      name: "a guest that has always been the gateway",
      expect: "pass",
      facts: gatewayIs(macOf(2)),
      subject: "gateway/10.20.0.1",
      samples: { mac: row(macOf(2), macOf(2)) },
    },
    {
      name: "replaced an hour ago",
      expect: "pass",
      facts: bondHost(),
      subject: "gateway/10.20.0.1",
      samples: {
        mac: [
          ...row("02:00:00:00:00:66").map((one) => ({ ...one, at: one.at - 2_000_000 })),
          ...row(right).map((one) => ({ ...one, at: one.at - 1_900_000 })),
          ...row(right, right),
        ],
      },
    },
    {
      name: "not resolved now",
      expect: "not-applicable",
      facts: edit(bondHost(), "ip-neigh", () => []),
      subject: "gateway/10.20.0.1",
    },
  ],
  unknown: [
    {
      name: "neighbours not read: the guests' entries",
      expect: "unknown",
      facts: unread(claimed(macOf(2), macOf(2)), "ip-neigh"),
      subject: "host/self",
    },
    {
      name: "neighbours not read",
      expect: "unknown",
      facts: unread(bondHost(), "ip-neigh"),
      subject: "gateway/10.20.0.1",
    },
  ],
};

function gatewayIs(lladdr: string) {
  return edit(bondHost(), "ip-neigh", (all) => all.map((one) => (one.dst === "10.20.0.1" ? { ...one, lladdr } : one)));
}

function row(...macs: readonly string[]): Sample[] {
  return macs.map((mac, at) => ({ at: 1_000_000 - (macs.length - 1 - at) * 10_000, value: numberOf(mac) ?? 0 }));
}

/** web-01 and web-03 tell their addresses; the host's neighbour entries of these are the MACs given. */
function claimed(first: string, third: string) {
  const told = (number: number) => ({
    source: "agent" as const,
    ifname: "eth0",
    mac: macOf(number),
    family: "ipv4" as const,
    address: `10.20.0.1${number}`,
    prefix: 24,
  });
  const facts = {
    ...bondHost(3),
    ...factsOf({ "libvirt-ifaddr": { addresses: [told(1), told(3)], agents: [] } }),
  };
  return edit(facts, "ip-neigh", (all) => [
    ...all.filter((one) => one.dst === "10.20.0.1"),
    { family: "inet" as const, dst: "10.20.0.11", dev: "br0", lladdr: first, state: ["STALE"] },
    { family: "inet" as const, dst: "10.20.0.13", dev: "br0", lladdr: third, state: ["STALE"] },
  ]);
}

/** Five minutes apart, the last now. */
function minutes(...values: readonly number[]): Sample[] {
  return values.map((value, at) => ({ at: 1_000_000 - (values.length - 1 - at) * 300_000, value }));
}
