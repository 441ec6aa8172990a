import type { FactOf } from "../../probes/registry";
import type { CheckExamples } from "../define";
import { ovsHost, setPort } from "../ovs-examples";
import { edit, factsOf, macOf, unread } from "../testing";

const gateway = "52:54:00:4c:ff:01";

export const examples: CheckExamples = {
  bad: [
    {
      name: "another tag than the XML's",
      expect: "fail",
      facts: setPort(ovsHost(), "vnet0", (port) => ({ ...port, tag: 99 })),
      subject: "ovs-port/ovsbr0/vnet0",
    },
    {
      name: "the tag was taken off",
      expect: "fail",
      facts: setPort(ovsHost(), "vnet0", (port) => ({ ...port, tag: undefined })),
      subject: "ovs-port/ovsbr0/vnet0",
    },
    {
      name: "the uplink does not carry the guest's VLAN",
      expect: "fail",
      facts: setPort(ovsHost(), "bond1", (port) => ({ ...port, trunks: [0, 20, 30] })),
      subject: "ovs-port/ovsbr0/vnet0",
    },
    {
      name: "no tag in the XML, alone in its VLAN, and its subnet is elsewhere",
      expect: "warn",
      facts: untold(99, [learned(3, 99, macOf(1)), learned(4, 10, macOf(2)), learned(1, 10, gateway)]),
      subject: "ovs-port/ovsbr0/vnet0",
    },
  ],
  good: [
    {
      name: "one subnet in two VLANs that both have more than one station: two tenants",
      expect: "pass",
      facts: untold(99, [
        learned(3, 99, macOf(1)),
        learned(1, 99, "52:54:00:4c:ff:09"),
        learned(4, 10, macOf(2)),
        learned(1, 10, gateway),
      ]),
      subject: "ovs-port/ovsbr0/vnet0",
    },
    {
      name: "alone in its VLAN, and so is the other: each quiet",
      expect: "pass",
      facts: untold(99, [learned(3, 99, macOf(1)), learned(4, 10, macOf(2))]),
      subject: "ovs-port/ovsbr0/vnet0",
    },
    {
      name: "the guest is silent: its VLAN tells nothing",
      expect: "pass",
      facts: untold(99, [learned(4, 10, macOf(2)), learned(1, 10, gateway)]),
      subject: "ovs-port/ovsbr0/vnet0",
    },
    {
      name: "a guest that tags by itself",
      expect: "pass",
      facts: untold(undefined, [
        learned(3, 0, macOf(1)),
        learned(3, 20, macOf(1)),
        learned(4, 10, macOf(2)),
        learned(1, 10, gateway),
      ]),
      subject: "ovs-port/ovsbr0/vnet0",
    },
    { name: "tag, XML and trunks agree", expect: "pass", facts: ovsHost(), subject: "ovs-port/ovsbr0/vnet0" },
    {
      name: "an uplink without a list carries all VLANs",
      expect: "pass",
      facts: setPort(ovsHost(), "bond1", (port) => ({ ...port, trunks: [] })),
      subject: "ovs-port/ovsbr0/vnet0",
    },
    {
      name: "tagged by hand, the XML says nothing of it",
      expect: "pass",
      facts: edit(ovsHost(), "libvirt-domains", (all) =>
        all.map((one) => ({ ...one, interfaces: one.interfaces.map((nic) => ({ ...nic, vlan: undefined })) })),
      ),
      subject: "ovs-port/ovsbr0/vnet0",
    },
    { name: "the uplink itself", expect: "not-applicable", facts: ovsHost(), subject: "ovs-port/ovsbr0/bond1" },
  ],
  unknown: [{ name: "database not read", expect: "unknown", facts: unread(ovsHost(), "ovs"), subject: "host/self" }],
};

function learned(port: number, vlan: number, mac: string) {
  return { port: String(port), vlan, mac, age: 3 };
}

/** web-01 in a VLAN that no XML names, web-02 of the same subnet in 10; the uplink carries all. */
function untold(tag: number | undefined, fdb: FactOf<"ovs-flows">[number]["fdb"]) {
  const tagged = setPort(ovsHost(), "vnet0", (port) => ({ ...port, tag }));
  const both = setPort(tagged, "vnet1", (port) => ({ ...port, tag: 10 }));
  const open = setPort(both, "bond1", (port) => ({ ...port, trunks: [] }));
  const told = edit(open, "libvirt-domains", (all) =>
    all.map((one) => ({ ...one, interfaces: one.interfaces.map((nic) => ({ ...nic, vlan: undefined })) })),
  );
  const address = (number: number) => ({
    source: "agent" as const,
    ifname: "eth0",
    mac: macOf(number),
    family: "ipv4" as const,
    address: `10.20.7.1${number}`,
    prefix: 24,
  });
  return {
    ...edit(told, "ovs-flows", (all) => all.map((one) => ({ ...one, fdb }))),
    ...factsOf({ "libvirt-ifaddr": { addresses: [address(1), address(2)], agents: [] } }),
  };
}
