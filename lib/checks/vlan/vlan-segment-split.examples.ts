import type { Facts } from "../../facts/facts";
import type { FactOf } from "../../probes/registry";
import { healthyVlans, vlanHost } from "../bridge-examples";
import type { CheckExamples } from "../define";
import { addLinks, bondHost, bridge, enslaved, factsOf, macOf, setLink, unread, vlan } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "a guest on a bridge without a way out",
      expect: "warn",
      facts: addressed(setLink(addLinks(bondHost(), bridge(40, "br1")), "vnet1", { master: "br1" })),
      subject: "vnic/web-02/52:54:00:5b:00:02",
    },
    {
      name: "on a VLAN of the same bond",
      expect: "warn",
      facts: addressed(
        setLink(
          addLinks(bondHost(), bridge(40, "br30"), enslaved(vlan(41, "bond0.30", "bond0", 30), "br30")),
          "vnet1",
          { master: "br30" },
        ),
      ),
      subject: "vnic/web-02/52:54:00:5b:00:02",
    },
    {
      name: "another PVID on one bridge",
      expect: "warn",
      facts: addressed(
        vlanHost([
          ...healthyVlans.filter((port) => port.ifname !== "vnet0"),
          { ifname: "vnet0", vlans: [{ vlan: 1, flags: ["PVID", "Egress Untagged"] }] },
        ]),
      ),
      subject: "vnic/web-02/52:54:00:5b:00:02",
    },
  ],
  good: [
    { name: "both on br0", expect: "pass", facts: addressed(bondHost()), subject: "vnic/web-02/52:54:00:5b:00:02" },
    {
      name: "the only guest of its subnet is no proof",
      expect: "pass",
      facts: addressed(setLink(addLinks(bondHost(), bridge(40, "br1")), "vnet1", { master: "br1" }), [2]),
      subject: "vnic/web-02/52:54:00:5b:00:02",
    },
    {
      name: "each in its VLAN with its own subnet",
      expect: "pass",
      facts: addressed(vlanHost(), [1, 2], ["10.20.110.11", "10.20.120.12"]),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "two bridges with a NIC each may meet outside",
      expect: "pass",
      facts: addressed(
        setLink(setLink(addLinks(bondHost(), bridge(40, "br1")), "mgmt0", { master: "br1" }), "vnet1", {
          master: "br1",
        }),
      ),
      subject: "vnic/web-02/52:54:00:5b:00:02",
    },
    {
      name: "address not known",
      expect: "not-applicable",
      facts: addressed(bondHost(), []),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
  ],
  unknown: [
    {
      name: "addresses not read",
      expect: "unknown",
      facts: unread(bondHost(), "libvirt-ifaddr"),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
  ],
};

/** The guests' addresses, as the host's ARP table tells them. */
function addressed(facts: Facts, guests: readonly number[] = [1, 2], addresses = ["10.20.0.11", "10.20.0.12"]): Facts {
  const told: FactOf<"libvirt-ifaddr"> = {
    addresses: guests.map((number) => ({
      source: "arp",
      ifname: `vnet${number - 1}`,
      mac: macOf(number),
      family: "ipv4",
      address: addresses[number - 1] ?? "",
      prefix: 0,
    })),
    agents: [],
  };
  return { ...facts, ...factsOf({ "libvirt-ifaddr": told }) };
}
