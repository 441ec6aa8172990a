import type { Facts } from "../../facts/facts";
import type { CheckExamples, Sample } from "../define";
import { healthySupport } from "../host-examples";
import { bondHost, edit, factsOf, macOf, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "the filter was copied from another guest",
      expect: "fail",
      facts: filtered(["10.20.0.99"], "10.20.0.11"),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "nobody told the address, but the rules count",
      expect: "warn",
      facts: filtered(["10.20.0.99"]),
      subject: "vnic/web-01/52:54:00:5b:00:01",
      samples: { dropped: row(0, 40) },
    },
  ],
  good: [
    {
      name: "the filter names the guest's address",
      expect: "pass",
      facts: filtered(["10.20.0.11"], "10.20.0.11"),
      subject: "vnic/web-01/52:54:00:5b:00:01",
      samples: { dropped: row(3, 3) },
    },
    {
      name: "one of several addresses",
      expect: "pass",
      facts: filtered(["10.20.0.11", "10.20.0.12"], "10.20.0.12"),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "libvirt learns the address",
      expect: "pass",
      facts: filtered([], "10.20.0.11"),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a filter that does not look at addresses",
      expect: "pass",
      facts: filtered(["10.20.0.99"], "10.20.0.11", "allow-dhcp"),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "no filter",
      expect: "not-applicable",
      facts: bondHost(),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
  ],
  unknown: [
    {
      name: "nobody tells the guest's address, and the rules are not read",
      expect: "unknown",
      facts: filtered(["10.20.0.99"]),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "nobody tells the guest's address, and the rules are in ebtables-legacy",
      expect: "unknown",
      facts: {
        ...filtered(["10.20.0.99"]),
        ...factsOf({
          nft: { tables: [], chains: [], rules: [], sets: [] },
          "virt-support": { ...healthySupport, modules: [...healthySupport.modules, "ebtable_nat"] },
        }),
      },
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "definitions not read",
      expect: "unknown",
      facts: unread(bondHost(), "libvirt-domains"),
      subject: "vnic/web-01/net0",
    },
  ],
};

function row(from: number, to: number): Sample[] {
  return [
    { at: 900_000, value: from },
    { at: 1_000_000, value: to },
  ];
}

function filtered(allowed: readonly string[], actual?: string, filter = "clean-traffic"): Facts {
  const facts = edit(bondHost(), "libvirt-domains", ([first, ...rest]) =>
    first
      ? [
          {
            ...first,
            interfaces: first.interfaces.map((nic) => ({
              ...nic,
              filterref: { filter, parameters: allowed.map((value) => ({ name: "IP", value })) },
            })),
          },
          ...rest,
        ]
      : undefined,
  );
  return {
    ...facts,
    ...factsOf({
      "libvirt-ifaddr": {
        addresses:
          actual === undefined
            ? []
            : [{ source: "agent", ifname: "eth0", mac: macOf(1), family: "ipv4", address: actual, prefix: 24 }],
        agents: [],
      },
    }),
  };
}
