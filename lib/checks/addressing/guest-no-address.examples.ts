import type { Facts } from "../../facts/facts";
import type { CheckExamples } from "../define";
import { edit, factsOf, macOf, natHost, unread, uuidOf } from "../testing";

export const examples: CheckExamples = {
  bad: [
    { name: "no lease, never heard", expect: "warn", facts: known(), subject: nat1(), samples: since(300) },
    {
      name: "link-local only, by its agent",
      expect: "warn",
      facts: known({ source: "agent", address: "169.254.7.9" }),
      subject: nat1(),
      samples: since(300),
    },
  ],
  good: [
    {
      name: "leased",
      expect: "pass",
      facts: known({ source: "lease", address: "192.168.122.11" }),
      subject: nat1(),
      samples: since(0),
    },
    {
      name: "a fixed address, heard by ARP",
      expect: "pass",
      facts: edit(known(), "ip-neigh", (all) => [
        ...all,
        { family: "inet", dst: "192.168.122.50", dev: "virbr0", lladdr: macOf(1), state: ["STALE"] },
      ]),
      subject: nat1(),
    },
    {
      name: "a card that passes frames on, of a guest that is at home by another",
      expect: "not-applicable",
      facts: atHome(),
      subject: nat1(),
      samples: since(300),
    },
    {
      name: "asked while it booted, and not again since",
      expect: "not-applicable",
      facts: asked(known(), 810_000),
      subject: nat1(),
      samples: since(300),
    },
    { name: "still booting", expect: "not-applicable", facts: known(), subject: nat1(), samples: since(60) },
    {
      name: "paused",
      expect: "not-applicable",
      facts: edit(known(), "libvirt-state", (all) => all.map((one) => ({ ...one, state: "paused" as const }))),
      subject: nat1(),
      samples: since(300),
    },
    {
      name: "its cable is pulled",
      expect: "not-applicable",
      facts: edit(known(), "libvirt-domains", (all) =>
        all.map((one) => ({ ...one, interfaces: one.interfaces.map((nic) => ({ ...nic, link: "down" as const })) })),
      ),
      subject: nat1(),
      samples: since(300),
    },
    {
      name: "a network without DHCP",
      expect: "not-applicable",
      facts: edit(known(), "libvirt-networks", (all) =>
        all.map((one) => ({ ...one, ips: one.ips.map((ip) => ({ ...ip, ranges: [] })) })),
      ),
      subject: nat1(),
      samples: since(300),
    },
  ],
  unknown: [
    { name: "addresses not read", expect: "unknown", facts: unread(known(), "libvirt-ifaddr"), subject: nat1() },
  ],
};

function nat1(): string {
  return `vnic/nat-1/${macOf(1)}`;
}

/** Leases and guests were asked at this time, ms. */
function asked(facts: Facts, at: number): Facts {
  return Object.fromEntries(
    Object.entries(facts).map(([probe, read]) => [
      probe,
      probe === "libvirt-networks" || probe === "libvirt-ifaddr" ? { ...read, at } : read,
    ]),
  );
}

/** No DHCP here; its agent tells of this card only what it gave itself, and of another an address. */
function atHome(): Facts {
  const told = { source: "agent" as const, uuid: uuidOf(1), family: "ipv6" as const, prefix: 64 };
  const facts = edit(natHost(), "libvirt-networks", (all) =>
    all.map((one) => ({ ...one, ips: one.ips.map((ip) => ({ ...ip, ranges: [] })) })),
  );
  return {
    ...facts,
    ...factsOf({
      "libvirt-ifaddr": {
        addresses: [
          { ...told, ifname: "eth0", mac: macOf(1), address: "fe80::5054:ff:fe5b:1" },
          { ...told, ifname: "ppp0", address: "203.0.113.9", family: "ipv4" as const, prefix: 32 },
        ],
        agents: [],
      },
    }),
  };
}

function known(...addresses: readonly { source: "lease" | "agent"; address: string }[]) {
  return {
    ...natHost(),
    ...factsOf({
      "libvirt-ifaddr": {
        addresses: addresses.map((one) => ({
          ...one,
          ifname: "vnet0",
          mac: macOf(1),
          family: "ipv4" as const,
          prefix: 24,
        })),
        agents: [],
      },
    }),
  };
}

function since(seconds: number) {
  return {
    none: [
      { at: 1_000_000 - seconds * 1000, value: 1 },
      { at: 1_000_000, value: 1 },
    ],
  };
}
