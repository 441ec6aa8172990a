import type { CheckExamples } from "../define";
import { ovsHost, setPort } from "../ovs-examples";
import { unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "a guest's port was left behind",
      expect: "warn",
      facts: errorOn("vnet0"),
      subject: "ovs-port/ovsbr0/vnet0",
    },
    {
      name: "a tunnel with a wrong option",
      expect: "fail",
      facts: setPort(ovsHost(), "vnet0", (port) => ({
        ...port,
        interfaces: port.interfaces.map((one) => ({ ...one, type: "vxlan", error: "remote_ip: bad address" })),
      })),
      subject: "ovs-port/ovsbr0/vnet0",
    },
    { name: "a member of a bond is gone", expect: "warn", facts: errorOn("bond1"), subject: "ovs-port/ovsbr0/bond1" },
  ],
  good: [
    { name: "all in use", expect: "pass", facts: ovsHost(), subject: "ovs-port/ovsbr0/vnet0" },
    {
      name: "an empty error is none",
      expect: "pass",
      facts: setPort(ovsHost(), "vnet0", (port) => ({
        ...port,
        interfaces: port.interfaces.map((one) => ({ ...one, error: "" })),
      })),
      subject: "ovs-port/ovsbr0/vnet0",
    },
  ],
  unknown: [{ name: "database not read", expect: "unknown", facts: unread(ovsHost(), "ovs"), subject: "host/self" }],
};

function errorOn(name: string) {
  return setPort(ovsHost(), name, (port) => ({
    ...port,
    interfaces: port.interfaces.map((one, at) =>
      at === 0 ? { ...one, ofport: -1, error: `could not open network device ${one.name} (No such device)` } : one,
    ),
  }));
}
