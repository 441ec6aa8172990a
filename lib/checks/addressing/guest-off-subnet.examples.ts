import type { CheckExamples } from "../define";
import { bondHost, edit, factsOf, macOf, natHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    { name: "seen by ARP", expect: "warn", facts: heard("10.99.0.5"), subject: nat1() },
    { name: "told by its agent", expect: "warn", facts: told("10.99.0.5"), subject: nat1() },
    {
      name: "on a bridge of the LAN, heard to ask in vain",
      expect: "warn",
      facts: lan({ times: 4 }),
      subject: `vnic/web-01/${macOf(1)}`,
    },
  ],
  good: [
    { name: "in the subnet", expect: "pass", facts: heard("192.168.122.11"), subject: nat1() },
    {
      name: "one address in, another out",
      expect: "pass",
      facts: heard("192.168.122.11", "172.17.0.1"),
      subject: nat1(),
    },
    { name: "not heard of yet", expect: "not-applicable", facts: heard(), subject: nat1() },
    {
      name: "only link-local: no address at all",
      expect: "not-applicable",
      facts: heard("169.254.3.4"),
      subject: nat1(),
    },
    {
      name: "a bridge of the LAN, another subnet than the host's",
      expect: "not-applicable",
      facts: unread(lan({ times: 4 }), "uplink-arp", "absent", ""),
      subject: `vnic/web-01/${macOf(1)}`,
    },
    {
      name: "a bridge of the LAN, another subnet, and it is answered",
      expect: "not-applicable",
      facts: lan({ times: 4, answered: true }),
      subject: `vnic/web-01/${macOf(1)}`,
    },
    {
      name: "a bridge of the LAN, another subnet, asked once",
      expect: "not-applicable",
      facts: lan({ times: 1 }),
      subject: `vnic/web-01/${macOf(1)}`,
    },
    {
      name: "a bridge whose guests are all in other subnets than the host",
      expect: "not-applicable",
      facts: edit(lan({ times: 4 }), "ip-neigh", (all) => all.filter((one) => one.lladdr !== macOf(2))),
      subject: `vnic/web-01/${macOf(1)}`,
    },
    {
      name: "another subnet that the host has a route to by the same bridge",
      expect: "not-applicable",
      facts: edit(lan({ times: 4 }), "ip-route", (all) => [
        ...all,
        { family: "inet" as const, dst: "10.77.0.0/24", dev: "br0", scope: "link" },
      ]),
      subject: `vnic/web-01/${macOf(1)}`,
    },
    {
      name: "a bridge of the LAN, asks in vain for another, from the host's subnet",
      expect: "pass",
      facts: edit(lan({ times: 4 }), "uplink-arp", (all) =>
        all.map((one) => ({ ...one, asks: one.asks.map((ask) => ({ ...ask, sender: "10.20.0.11" })) })),
      ),
      subject: `vnic/web-01/${macOf(1)}`,
    },
    {
      name: "a bridge of the LAN, asks for nothing",
      expect: "not-applicable",
      facts: lan({ times: 4 }),
      subject: `vnic/web-02/${macOf(2)}`,
    },
  ],
  unknown: [{ name: "neighbours not read", expect: "unknown", facts: unread(heard(), "ip-neigh"), subject: nat1() }],
};

function nat1(): string {
  return `vnic/nat-1/${macOf(1)}`;
}

function heard(...addresses: readonly string[]) {
  return edit({ ...natHost(), ...factsOf({ "libvirt-ifaddr": { addresses: [], agents: [] } }) }, "ip-neigh", (all) => [
    ...all,
    ...addresses.map((dst) => ({ family: "inet" as const, dst, dev: "virbr0", lladdr: macOf(1), state: ["STALE"] })),
  ]);
}

function told(address: string) {
  return edit(heard(), "libvirt-ifaddr", (all) => ({
    ...all,
    addresses: [
      { source: "agent" as const, ifname: "eth0", mac: macOf(1), family: "ipv4" as const, address, prefix: 24 },
    ],
  }));
}

/** web-01 asks from another subnet than the host's, web-02 is in it. */
function lan({ times, answered = false }: { times: number; answered?: boolean }) {
  const target = "10.77.0.1";
  const facts = {
    ...bondHost(),
    ...factsOf({
      "libvirt-ifaddr": { addresses: [], agents: [] },
      "uplink-arp": [
        {
          dev: "bond0",
          heard: true,
          asks: [{ mac: macOf(1), sender: "10.77.0.5", target, times }],
          replies: answered ? [{ address: target, to: macOf(1) }] : [],
        },
      ],
    }),
  };
  return edit(facts, "ip-neigh", (all) => [
    ...all.filter((one) => one.lladdr !== macOf(1)),
    { family: "inet" as const, dst: "10.20.0.12", dev: "br0", lladdr: macOf(2), state: ["STALE"] },
  ]);
}
