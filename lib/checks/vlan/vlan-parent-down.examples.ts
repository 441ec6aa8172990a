import type { Facts } from "../../facts/facts";
import type { CheckExamples } from "../define";
import { addLinks, adminDown, bondHost, bridge, enslaved, noCarrier, setLink, unread, vlan } from "../testing";

const spare = { info_kind: "vlan", info_data: { protocol: "802.1Q", id: 30 } };

export const examples: CheckExamples = {
  bad: [
    {
      name: "the parent is set down",
      expect: "fail",
      facts: adminDown(storage(), "bond0"),
      subject: "vlan/bond0.30",
    },
    {
      name: "the VLAN itself is set down",
      expect: "fail",
      facts: adminDown(storage(), "bond0.30"),
      subject: "vlan/bond0.30",
    },
  ],
  good: [
    { name: "both up", expect: "pass", facts: storage(), subject: "vlan/bond0.30" },
    {
      name: "the parent has no carrier: told there",
      expect: "pass",
      facts: noCarrier(noCarrier(storage(), "bond0"), "bond0.30"),
      subject: "vlan/bond0.30",
    },
    {
      name: "a spare VLAN that is set down",
      expect: "not-applicable",
      facts: adminDown(setLink(storage(), "bond0.30", { master: undefined, linkinfo: spare }), "bond0.30"),
      subject: "vlan/bond0.30",
    },
  ],
  unknown: [
    { name: "interfaces not read", expect: "unknown", facts: unread(bondHost(), "ip-link"), subject: "host/self" },
  ],
};

/** A VLAN on the bond with a bridge for guests over it. */
function storage(): Facts {
  return addLinks(bondHost(), bridge(40, "br30"), enslaved(vlan(41, "bond0.30", "bond0", 30), "br30"));
}
