import type { CheckExamples } from "../define";
import { bondHost, edit, factsOf, macOf, natHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "a static address of the host's own LAN",
      expect: "warn",
      facts: told("192.0.2.77"),
      subject: "vnic/nat-1/52:54:00:5b:00:01",
    },
  ],
  good: [
    {
      name: "a guest behind NAT as it is meant to be",
      expect: "pass",
      facts: told("192.168.122.11"),
      subject: "vnic/nat-1/52:54:00:5b:00:01",
    },
    {
      name: "the LAN's address is one of several",
      expect: "pass",
      facts: told("192.168.122.11", "192.0.2.77"),
      subject: "vnic/nat-1/52:54:00:5b:00:01",
    },
    {
      name: "a network inside the guest that the host knows nothing of",
      expect: "not-applicable",
      facts: told("10.244.0.3"),
      subject: "vnic/nat-1/52:54:00:5b:00:01",
    },
    {
      name: "nobody told its address",
      expect: "not-applicable",
      facts: told(),
      subject: "vnic/nat-1/52:54:00:5b:00:01",
    },
    {
      name: "on a bridge of the LAN",
      expect: "not-applicable",
      facts: { ...bondHost(), ...addressesOf("10.20.0.11") },
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a routed network",
      expect: "not-applicable",
      facts: edit(told("192.0.2.77"), "libvirt-networks", (all) =>
        all.map((one) => ({ ...one, forward: { mode: "route", interfaces: [] } })),
      ),
      subject: "vnic/nat-1/52:54:00:5b:00:01",
    },
  ],
  unknown: [
    {
      name: "addresses not read",
      expect: "unknown",
      facts: unread(natHost(), "libvirt-ifaddr"),
      subject: "vnic/nat-1/52:54:00:5b:00:01",
    },
  ],
};

function addressesOf(...addresses: readonly string[]) {
  return factsOf({
    "libvirt-ifaddr": {
      addresses: addresses.map((address) => ({
        source: "agent" as const,
        ifname: "eth0",
        mac: macOf(1),
        family: "ipv4" as const,
        address,
        prefix: 24,
      })),
      agents: [],
    },
  });
}

function told(...addresses: readonly string[]) {
  return { ...natHost(), ...addressesOf(...addresses) };
}
