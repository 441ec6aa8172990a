import type { CheckExamples } from "../define";
import { ovsHost, setPort } from "../ovs-examples";
import { edit, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "the bond's port was deleted; the gateway is behind it",
      expect: "fail",
      facts: setPort(ovsHost(), "bond1", () => undefined),
      subject: "ovs-bridge/ovsbr0",
    },
  ],
  good: [
    { name: "a bond of two NICs", expect: "pass", facts: ovsHost(), subject: "ovs-bridge/ovsbr0" },
    {
      name: "guests among themselves, by design",
      expect: "not-applicable",
      facts: edit(
        setPort(ovsHost(), "bond1", () => undefined),
        "ip-route",
        () => [],
      ),
      subject: "ovs-bridge/ovsbr0",
    },
    {
      name: "a tunnel instead of a NIC",
      expect: "pass",
      facts: setPort(ovsHost(), "bond1", (port) => ({
        ...port,
        name: "vx0",
        interfaces: port.interfaces.slice(0, 1).map((one) => ({ ...one, name: "vx0", type: "vxlan" })),
      })),
      subject: "ovs-bridge/ovsbr0",
    },
    {
      name: "a patch to another bridge",
      expect: "pass",
      facts: setPort(ovsHost(), "bond1", (port) => ({
        ...port,
        name: "to-ext",
        interfaces: port.interfaces.slice(0, 1).map((one) => ({
          ...one,
          name: "to-ext",
          type: "patch",
          options: [{ key: "peer", value: "to-int" }],
        })),
      })),
      subject: "ovs-bridge/ovsbr0",
    },
  ],
  unknown: [{ name: "database not read", expect: "unknown", facts: unread(ovsHost(), "ovs"), subject: "host/self" }],
};
