import type { CheckExamples } from "../define";
import { bondHost, domain, edit, factsOf, stateOf, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "the gateway has failed",
      expect: "fail",
      facts: neighbour("10.20.0.1", "FAILED"),
      subject: "gateway/10.20.0.1",
    },
    {
      name: "the gateway is asked for half a minute",
      expect: "fail",
      facts: neighbour("10.20.0.1", "INCOMPLETE"),
      subject: "gateway/10.20.0.1",
      samples: {
        silent: [
          { at: 960_000, value: 0 },
          { at: 970_000, value: 1 },
          { at: 1_000_000, value: 1 },
        ],
      },
    },
    {
      name: "a guest with a lease is silent for a minute",
      expect: "warn",
      facts: leased("FAILED"),
      subject: "vm/web-01",
      samples: {
        silent: [
          { at: 940_000, value: 1 },
          { at: 1_000_000, value: 1 },
        ],
      },
    },
  ],
  good: [
    { name: "reachable", expect: "pass", facts: bondHost(), subject: "gateway/10.20.0.1" },
    {
      name: "stale is well: nobody has asked lately",
      expect: "pass",
      facts: neighbour("10.20.0.1", "STALE"),
      subject: "gateway/10.20.0.1",
    },
    {
      name: "asked just now",
      expect: "not-applicable",
      facts: neighbour("10.20.0.1", "INCOMPLETE"),
      subject: "gateway/10.20.0.1",
      samples: { silent: [{ at: 999_000, value: 1 }] },
    },
    {
      name: "an address of nobody we know",
      expect: "pass",
      facts: neighbour("10.20.0.77", "FAILED"),
      subject: "gateway/10.20.0.1",
    },
    {
      name: "a guest that boots",
      expect: "not-applicable",
      facts: leased("FAILED"),
      subject: "vm/web-01",
      samples: {
        silent: [
          { at: 995_000, value: 1 },
          { at: 1_000_000, value: 1 },
        ],
      },
    },
    {
      name: "a guest that was asked for in vain an hour ago, while it was booting, and never again",
      expect: "pass",
      facts: edit(leased("FAILED"), "ip-neigh", (all) =>
        all.map((one) => (one.dst === "10.20.0.11" ? { ...one, updated: 3_600 } : one)),
      ),
      subject: "vm/web-01",
      samples: {
        silent: [
          { at: 940_000, value: 1 },
          { at: 1_000_000, value: 1 },
        ],
      },
    },
    {
      name: "a guest that is off",
      expect: "not-applicable",
      facts: edit(leased("FAILED"), "libvirt-state", (all) =>
        all.map((one) => ({ ...one, state: "shut off" as const, interfaces: [] })),
      ),
      subject: "vm/web-01",
      samples: {
        silent: [
          { at: 940_000, value: 1 },
          { at: 1_000_000, value: 1 },
        ],
      },
    },
  ],
  unknown: [
    {
      name: "neighbour table not read",
      expect: "unknown",
      facts: unread(bondHost(), "ip-neigh"),
      subject: "gateway/10.20.0.1",
    },
  ],
};

function neighbour(dst: string, state: string) {
  return edit(bondHost(), "ip-neigh", (all) => [
    ...all.filter((entry) => entry.dst !== dst),
    { family: "inet" as const, dst, dev: "br0", state: [state] },
  ]);
}

function leased(state: string) {
  const guest = domain(1, "web-01", { bridge: "br0", target: "vnet0" });
  return {
    ...neighbour("10.20.0.11", state),
    ...factsOf({
      "libvirt-domains": [guest],
      "libvirt-state": [stateOf(guest)],
      "libvirt-ifaddr": {
        addresses: [
          {
            source: "lease" as const,
            ifname: "vnet0",
            mac: "52:54:00:5b:00:01",
            family: "ipv4" as const,
            address: "10.20.0.11",
            prefix: 24,
          },
        ],
        agents: [],
      },
    }),
  };
}
