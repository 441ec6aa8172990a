import type { CheckExamples } from "../define";
import { bondHost, edit, natHost, setLink, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "the bond narrowed under guests of 1500",
      expect: "fail",
      facts: setLink(bondHost(), "bond0", { mtu: 1400 }),
      subject: "bond/bond0",
    },
    {
      name: "one member narrower than its bond",
      expect: "fail",
      facts: setLink(bondHost(), "nic0", { mtu: 1400 }),
      subject: "nic/nic0",
    },
    {
      name: "a TAP narrower than its segment; the bridge follows it by itself",
      expect: "fail",
      facts: setLink(setLink(bondHost(), "vnet0", { mtu: 1400 }), "br0", { mtu: 1400 }),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a guest told 9000 over an uplink of 1500",
      expect: "fail",
      facts: edit(setLink(bondHost(), "vnet0", { mtu: 9000 }), "libvirt-domains", (domains) =>
        domains.map((domain) => ({ ...domain, interfaces: domain.interfaces.map((nic) => ({ ...nic, mtu: 9000 })) })),
      ),
      subject: "bond/bond0",
    },
  ],
  good: [
    { name: "1500 all along", expect: "pass", facts: bondHost(), subject: "bond/bond0" },
    {
      name: "the bond is fine when one member is narrow",
      expect: "pass",
      facts: setLink(bondHost(), "nic0", { mtu: 1400 }),
      subject: "bond/bond0",
    },
    {
      name: "members follow a narrowed bond: only the bond is named",
      expect: "pass",
      facts: narrow(["bond0", "nic0", "nic1"], 1400),
      subject: "nic/nic0",
    },
    {
      name: "a NIC of 9000 under a bridge of 1500",
      expect: "pass",
      facts: narrow(["bond0", "nic0", "nic1"], 9000),
      subject: "bond/bond0",
    },
    {
      name: "guests of 1500 over a wide uplink",
      expect: "pass",
      facts: narrow(["bond0", "nic0", "nic1"], 9000),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "narrow all along by design",
      expect: "pass",
      facts: narrow(["bond0", "nic0", "nic1", "br0", "vnet0", "vnet1"], 1450),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    { name: "a NAT network", expect: "pass", facts: natHost(), subject: "tap/nat-1/52:54:00:5b:00:01" },
    { name: "a NIC that nothing rides on", expect: "not-applicable", facts: bondHost(), subject: "nic/mgmt0" },
  ],
  unknown: [
    { name: "interfaces not read", expect: "unknown", facts: unread(bondHost(), "ip-link"), subject: "host/self" },
  ],
};

function narrow(names: readonly string[], mtu: number) {
  return names.reduce((facts, name) => setLink(facts, name, { mtu }), bondHost());
}
