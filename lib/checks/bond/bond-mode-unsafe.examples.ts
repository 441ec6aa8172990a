import type { Facts } from "../../facts/facts";
import { setBond } from "../bridge-examples";
import type { CheckExamples } from "../define";
import { ovsHost, ovsInterface, ovsPort } from "../ovs-examples";
import { addLinks, bondHost, edit, enslaved, setLink, unread, vlan } from "../testing";

export const examples: CheckExamples = {
  bad: [
    { name: "balance-alb under br0", expect: "warn", facts: mode("balance-alb"), subject: "bond/bond0" },
    { name: "balance-rr, the default", expect: "warn", facts: mode("balance-rr"), subject: "bond/bond0" },
    { name: "by a VLAN over the bond", expect: "warn", facts: byVlan("balance-alb", "br0"), subject: "bond/bond0" },
    { name: "under Open vSwitch", expect: "warn", facts: underOvs("balance-tlb", "bond0"), subject: "bond/bond0" },
    {
      name: "by a VLAN under Open vSwitch",
      expect: "warn",
      facts: underOvs("balance-rr", "bond0.20"),
      subject: "bond/bond0",
    },
  ],
  good: [
    { name: "active-backup", expect: "pass", facts: bondHost(), subject: "bond/bond0" },
    { name: "802.3ad", expect: "pass", facts: mode("802.3ad"), subject: "bond/bond0" },
    {
      name: "balance-alb for the host alone",
      expect: "not-applicable",
      facts: setLink(mode("balance-alb"), "bond0", { master: undefined }),
      subject: "bond/bond0",
    },
    {
      name: "balance-alb with the host's own VLAN on it",
      expect: "not-applicable",
      facts: byVlan("balance-alb", undefined),
      subject: "bond/bond0",
    },
    {
      name: "802.3ad by a VLAN",
      expect: "pass",
      facts: byVlan("802.3ad", "br0"),
      subject: "bond/bond0",
    },
    {
      name: "active-backup under Open vSwitch",
      expect: "pass",
      facts: underOvs("active-backup", "bond0"),
      subject: "bond/bond0",
    },
    {
      name: "Open vSwitch has another NIC",
      expect: "not-applicable",
      facts: underOvs("balance-alb", "mgmt0"),
      subject: "bond/bond0",
    },
    {
      name: "one member: nothing to balance",
      expect: "not-applicable",
      facts: setBond(mode("balance-rr"), (bond) => ({ ...bond, members: bond.members.slice(0, 1) })),
      subject: "bond/bond0",
    },
  ],
  unknown: [
    {
      name: "/proc/net/bonding not read",
      expect: "unknown",
      facts: unread(bondHost(), "bond"),
      subject: "bond/bond0",
    },
  ],
};

/** bond0 -> bond0.20, which is the bridge's port, or the host's own. */
function byVlan(name: string, master: string | undefined): Facts {
  const bare = setLink(mode(name), "bond0", (one) => ({ ...one, master: undefined }));
  const over = vlan(30, "bond0.20", "bond0", 20);
  return addLinks(bare, master === undefined ? over : enslaved(over, master));
}

/** The same bond, and a bridge of Open vSwitch that has `device` as its port to the wire. */
function underOvs(name: string, device: string): Facts {
  const { ovs } = edit(ovsHost(), "ovs", (value) => ({
    ...value,
    bridges: value.bridges.map((one) => ({
      ...one,
      ports: [...one.ports.filter((port) => port.name === "ovsbr0"), ovsPort(device, [ovsInterface(device, 1)])],
    })),
  }));
  return { ...byVlan(name, undefined), ovs };
}

function mode(name: string): Facts {
  return setBond(bondHost(), (bond) => ({ ...bond, mode: name, modeText: name }));
}
