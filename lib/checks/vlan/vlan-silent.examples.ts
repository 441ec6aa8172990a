import type { Facts } from "../../facts/facts";
import { counted } from "../bridge-examples";
import type { CheckExamples } from "../define";
import { addLinks, adminDown, bondHost, noCarrier, unread, vlan } from "../testing";

export const examples: CheckExamples = {
  bad: [{ name: "asks and gets no answer", expect: "fail", facts: host(0, 25), subject: "vlan/bond0.40" }],
  good: [
    { name: "in use", expect: "pass", facts: host(300, 250), subject: "vlan/bond0.40" },
    { name: "others' broadcasts only", expect: "pass", facts: host(3, 2000), subject: "vlan/bond0.40" },
    { name: "just made", expect: "not-applicable", facts: host(0, 8), subject: "vlan/bond0.40" },
    {
      name: "the parent hears nothing either: another fault",
      expect: "not-applicable",
      facts: counted(host(0, 25), "bond0", 12, 400),
      subject: "vlan/bond0.40",
    },
    {
      name: "no carrier",
      expect: "not-applicable",
      facts: noCarrier(host(0, 25), "bond0.40"),
      subject: "vlan/bond0.40",
    },
    {
      name: "set down",
      expect: "not-applicable",
      facts: adminDown(host(0, 25), "bond0.40"),
      subject: "vlan/bond0.40",
    },
    {
      name: "over a bridge",
      expect: "not-applicable",
      facts: counted(addLinks(bondHost(), vlan(50, "br0.40", "br0", 40)), "br0.40", 0, 100),
      subject: "vlan/br0.40",
    },
  ],
  unknown: [
    { name: "interfaces not read", expect: "unknown", facts: unread(bondHost(), "ip-link"), subject: "host/self" },
  ],
};

function host(rx: number, tx: number): Facts {
  return counted(
    counted(addLinks(bondHost(), vlan(50, "bond0.40", "bond0", 40)), "bond0.40", rx, tx),
    "bond0",
    5000,
    4000,
  );
}
