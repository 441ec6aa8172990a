import type { OvsInterface } from "../../probes/ovs";
import type { CheckExamples } from "../define";
import { ovsHost, setPort } from "../ovs-examples";
import { unread } from "../testing";

const bond = "ovs-port/ovsbr0/bond1";

export const examples: CheckExamples = {
  bad: [
    { name: "one member without a link", expect: "warn", facts: members({ link_state: "down" }, 1), subject: bond },
    { name: "none left", expect: "fail", facts: members({ link_state: "down" }, 2), subject: bond },
    {
      name: "one set down",
      expect: "warn",
      facts: members({ admin_state: "down", link_state: "down" }, 1),
      subject: bond,
    },
    {
      name: "LACP without a partner",
      expect: "fail",
      facts: setPort(members({ lacp_current: false }, 2), "bond1", (port) => ({ ...port, lacp: "active" })),
      subject: bond,
    },
    {
      name: "LACP without a partner, falling back to active-backup",
      expect: "warn",
      facts: setPort(members({ lacp_current: false }, 2), "bond1", (port) => ({
        ...port,
        lacp: "active",
        other_config: [{ key: "lacp-fallback-ab", value: "true" }],
      })),
      subject: bond,
    },
  ],
  good: [
    { name: "both members up", expect: "pass", facts: ovsHost(), subject: bond },
    { name: "a plain port", expect: "not-applicable", facts: ovsHost(), subject: "ovs-port/ovsbr0/vnet0" },
    {
      name: "LACP is off: nobody negotiates",
      expect: "pass",
      facts: setPort(members({ lacp_current: false }, 2), "bond1", (port) => ({ ...port, lacp: "off" })),
      subject: bond,
    },
  ],
  unknown: [{ name: "database not read", expect: "unknown", facts: unread(ovsHost(), "ovs"), subject: "host/self" }],
};

function members(change: Partial<OvsInterface>, count: number) {
  return setPort(ovsHost(), "bond1", (port) => ({
    ...port,
    interfaces: port.interfaces.map((one, at) => (at < count ? { ...one, ...change } : one)),
  }));
}
