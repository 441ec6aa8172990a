import type { CheckExamples } from "../define";
import { ovsHost, setBridge, setPort } from "../ovs-examples";
import { unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "a guest's port is blocked",
      expect: "fail",
      facts: stp("vnet0", "blocking"),
      subject: "ovs-port/ovsbr0/vnet0",
      samples: since(60),
    },
    {
      name: "the only uplink is blocked",
      expect: "fail",
      facts: stp("bond1", "blocking"),
      subject: "ovs-port/ovsbr0/bond1",
      samples: since(60),
    },
    {
      name: "RSTP discards",
      expect: "fail",
      facts: setPort(
        setBridge(ovsHost(), (one) => ({ ...one, rstp_enable: true })),
        "vnet0",
        (port) => ({ ...port, rstp_status: [{ key: "rstp_port_state", value: "Discarding" }] }),
      ),
      subject: "ovs-port/ovsbr0/vnet0",
      samples: since(60),
    },
  ],
  good: [
    { name: "STP is off", expect: "not-applicable", facts: ovsHost(), subject: "ovs-port/ovsbr0/vnet0" },
    {
      name: "forwarding",
      expect: "pass",
      facts: stp("vnet0", "forwarding"),
      subject: "ovs-port/ovsbr0/vnet0",
      samples: { blocked: [{ at: 1_000_000, value: 0 }] },
    },
    {
      name: "learning, just started",
      expect: "not-applicable",
      facts: stp("vnet0", "learning"),
      subject: "ovs-port/ovsbr0/vnet0",
      samples: since(10),
    },
    {
      name: "one of two uplinks: that is what STP is for",
      expect: "pass",
      facts: setBridge(stp("bond1", "blocking"), (one) => ({
        ...one,
        ports: one.ports.flatMap((port) =>
          port.name === "bond1"
            ? [
                { ...port, interfaces: port.interfaces.slice(0, 1) },
                {
                  ...port,
                  name: "nic0",
                  status: [{ key: "stp_state", value: "forwarding" }],
                  interfaces: port.interfaces.slice(1),
                },
              ]
            : [port],
        ),
      })),
      subject: "ovs-port/ovsbr0/bond1",
      samples: since(60),
    },
  ],
  unknown: [{ name: "database not read", expect: "unknown", facts: unread(ovsHost(), "ovs"), subject: "host/self" }],
};

function stp(name: string, state: string) {
  return setPort(
    setBridge(ovsHost(), (one) => ({ ...one, stp_enable: true })),
    name,
    (port) => ({ ...port, status: [{ key: "stp_state", value: state }] }),
  );
}

function since(seconds: number) {
  return {
    blocked: [
      { at: 1_000_000 - seconds * 1000, value: 1 },
      { at: 1_000_000, value: 1 },
    ],
  };
}
