import type { Facts } from "../../facts/facts";
import { healthyFdb, learned, withFdb } from "../bridge-examples";
import type { CheckExamples } from "../define";
import { macvtapHost } from "../function-examples";
import { ovsHost } from "../ovs-examples";
import { addLinks, bondHost, bridge, edit, factsOf, setLink, uuidOf } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "two guests on one bridge",
      expect: "fail",
      facts: twinGuests(),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a guest with the address of its host's bridge",
      expect: "fail",
      facts: setLink(bondHost(), "br0", { address: "52:54:00:5b:00:01" }),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a guest of another host, whose bridge is heard on the uplink",
      expect: "fail",
      facts: withOwner(withFdb(bondHost(), [...healthyFdb, learned("52:54:00:4c:00:20", "bond0")])),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a guest of another host took the address over just now",
      expect: "fail",
      facts: withOwner(withFdb(bondHost(), [learned("52:54:00:5b:00:01", "bond0")])),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a guest of another host, heard on the uplink of Open vSwitch in the same VLAN",
      expect: "fail",
      facts: withOwner(ovsHeard(10)),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
  ],
  good: [
    {
      name: "a guest of another host, heard on the uplink of Open vSwitch in another VLAN",
      expect: "pass",
      facts: withOwner(ovsHeard(20)),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a guest of another host that is never heard here",
      expect: "pass",
      facts: withOwner(withFdb(bondHost())),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "the same guest on another host: it moves",
      expect: "pass",
      facts: withOwner(withFdb(bondHost(), [learned("52:54:00:5b:00:01", "bond0")]), uuidOf(1)),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a card that is the guest's alone, by macvtap: libvirt gave it the guest's address",
      expect: "pass",
      facts: setLink(macvtapHost("passthru"), "enp3s16f1", { address: "52:54:00:5b:00:01" }),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "bond, members and bridge share one; a TAP has its guest's with fe",
      expect: "pass",
      facts: bondHost(),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "told once: the second owner only shares in the finding",
      expect: "not-applicable",
      facts: twinGuests(),
      subject: "vnic/web-02/52:54:00:5b:00:01",
    },
    {
      name: "on two bridges that never meet",
      expect: "pass",
      facts: setLink(addLinks(twinGuests(), bridge(40, "br9")), "vnet1", { master: "br9" }),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "the other guest is off",
      expect: "pass",
      facts: edit(twinGuests(), "libvirt-state", (all) =>
        all.map((one) => (one.uuid === uuidOf(2) ? { ...one, state: "shut off" as const, interfaces: [] } : one)),
      ),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
  ],
  unknown: [
    {
      name: "libvirt did not answer",
      expect: "unknown",
      facts: { "ip-link": bondHost()["ip-link"] },
      subject: "host/self",
    },
  ],
};

function twinGuests() {
  return edit(bondHost(), "libvirt-domains", (domains) =>
    domains.map((domain) => ({
      ...domain,
      interfaces: domain.interfaces.map((nic) => ({ ...nic, mac: "52:54:00:5b:00:01" })),
    })),
  );
}

function ovsHeard(vlan: number): Facts {
  const fdb = [{ port: "1", vlan, mac: "52:54:00:5b:00:01", age: 2 }];
  return edit(ovsHost(), "ovs-flows", (all) => all.map((one) => ({ ...one, fdb })));
}

function withOwner(facts: Facts, uuid = uuidOf(3)): Facts {
  const owner = { mac: "52:54:00:5b:00:01", host: "kvm-02", vm: "web-03", uuid, near: ["52:54:00:4c:00:20"] };
  return { ...facts, ...factsOf({ "duplicate-owners": [owner] }) };
}
