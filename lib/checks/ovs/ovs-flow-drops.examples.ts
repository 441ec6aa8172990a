import type { CheckExamples } from "../define";
import { addFlows, flow, ovsHost, ovsInterface, ovsPort } from "../ovs-examples";
import { edit, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "everything from a guest's port",
      expect: "fail",
      facts: addFlows(ovsHost(), flow("in_port=3", "drop", 12)),
      subject: "ovs-port/ovsbr0/vnet0",
    },
    {
      name: "everything to a guest",
      expect: "fail",
      facts: addFlows(ovsHost(), flow("dl_dst=52:54:00:5b:00:01", "drop", 3)),
      subject: "ovs-port/ovsbr0/vnet0",
    },
    {
      name: "with something let through above it",
      expect: "warn",
      facts: addFlows(ovsHost(), flow("in_port=3", "drop", 12), flow("arp", "NORMAL", 3, 200)),
      subject: "ovs-port/ovsbr0/vnet0",
    },
    {
      name: "table 0 hands all on, and a later table drops what the port sends",
      expect: "fail",
      facts: addFlows(
        ovsHost(),
        flow("", "resubmit(,5)", 90, 10),
        flow("in_port=3", "drop", 12, 100, 5),
        flow("", "NORMAL", 70, 0, 5),
      ),
      subject: "ovs-port/ovsbr0/vnet0",
    },
    {
      name: "two tables on, by goto_table",
      expect: "fail",
      facts: addFlows(
        ovsHost(),
        flow("in_port=3", "load:0x3->NXM_NX_REG5[],goto_table:5", 90, 10),
        flow("", "goto_table:9", 90, 1, 5),
        flow("", "drop", 40, 1, 9),
      ),
      subject: "ovs-port/ovsbr0/vnet0",
    },
  ],
  good: [
    {
      name: "the agent of OpenStack drops VLANs that this host has no part in, at the patch between two bridges",
      expect: "pass",
      facts: addFlows(patched(), flow("in_port=9", "drop", 1522, 2)),
      subject: "ovs-port/ovsbr0/int-br-ex",
    },
    {
      name: "all else from a port: the end of a list of what it may send",
      expect: "pass",
      facts: addFlows(
        ovsHost(),
        flow("in_port=3,dl_src=52:54:00:5b:00:01", "NORMAL", 90, 200),
        flow("in_port=3", "drop", 12),
      ),
      subject: "ovs-port/ovsbr0/vnet0",
    },
    { name: "one flow, NORMAL", expect: "pass", facts: ovsHost(), subject: "ovs-port/ovsbr0/vnet0" },
    {
      name: "another guest's",
      expect: "pass",
      facts: addFlows(ovsHost(), flow("in_port=4", "drop", 12)),
      subject: "ovs-port/ovsbr0/vnet0",
    },
    {
      name: "one protocol only: a firewall",
      expect: "pass",
      facts: addFlows(ovsHost(), flow("tcp,in_port=3,tp_dst=25", "drop", 12)),
      subject: "ovs-port/ovsbr0/vnet0",
    },
    {
      name: "spoofed addresses only",
      expect: "pass",
      facts: addFlows(ovsHost(), flow("in_port=3,dl_src=52:54:00:5b:00:99", "drop", 12)),
      subject: "ovs-port/ovsbr0/vnet0",
    },
    {
      name: "never hit",
      expect: "pass",
      facts: addFlows(ovsHost(), flow("in_port=3", "drop", 0)),
      subject: "ovs-port/ovsbr0/vnet0",
    },
    {
      name: "a firewall of a later table: what it allows stands above its drop",
      expect: "pass",
      facts: addFlows(
        ovsHost(),
        flow("", "resubmit(,5)", 90, 10),
        flow("tcp,in_port=3", "NORMAL", 50, 100, 5),
        flow("in_port=3", "drop", 12, 10, 5),
      ),
      subject: "ovs-port/ovsbr0/vnet0",
    },
    {
      name: "a later table that gets one protocol only",
      expect: "pass",
      facts: addFlows(ovsHost(), flow("tcp,tp_dst=25", "resubmit(,5)", 9, 10), flow("in_port=3", "drop", 9, 10, 5)),
      subject: "ovs-port/ovsbr0/vnet0",
    },
    {
      name: "tables that hand on in a ring",
      expect: "pass",
      facts: addFlows(ovsHost(), flow("", "resubmit(,5)", 9, 10), flow("", "resubmit(,0)", 9, 10, 5)),
      subject: "ovs-port/ovsbr0/vnet0",
    },
    {
      name: "another port's, in a later table",
      expect: "pass",
      facts: addFlows(
        ovsHost(),
        flow("", "resubmit(,5)", 90, 10),
        flow("in_port=4", "drop", 12, 100, 5),
        flow("", "NORMAL", 70, 0, 5),
      ),
      subject: "ovs-port/ovsbr0/vnet0",
    },
    {
      name: "below the flow that forwards",
      expect: "pass",
      facts: addFlows(ovsHost(), flow("", "drop", 5, 0, 10)),
      subject: "ovs-port/ovsbr0/vnet0",
    },
  ],
  unknown: [
    {
      name: "flows not read",
      expect: "unknown",
      facts: unread(ovsHost(), "ovs-flows"),
      subject: "ovs-port/ovsbr0/vnet0",
    },
  ],
};

/** With a patch to another bridge. */
function patched() {
  return edit(ovsHost(), "ovs", (all) => ({
    ...all,
    bridges: all.bridges.map((one) => ({
      ...one,
      ports: [...one.ports, ovsPort("int-br-ex", [ovsInterface("int-br-ex", 9, { type: "patch" })])],
    })),
  }));
}
