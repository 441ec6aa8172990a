import { setBridge, setPort } from "../bridge-examples";
import type { CheckExamples } from "../define";
import { addLinks, adminDown, bondHost, bridge, enslaved, link, nic, noCarrier, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "a guest's TAP is blocked",
      expect: "fail",
      facts: setPort(bondHost(), "vnet0", { state: "blocking" }),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "BPDU guard disabled the TAP",
      expect: "fail",
      facts: setPort(setBridge(bondHost(), "br0", { stp_state: 1 }), "vnet0", { state: "disabled", guard: true }),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
      samples: { waiting: [985_000, 1_000_000].map((at) => ({ at, value: 1 })) },
    },
    {
      name: "the only uplink is blocked",
      expect: "fail",
      facts: setPort(setBridge(bondHost(), "br0", { stp_state: 1 }), "bond0", { state: "blocking" }),
      subject: "uplink/bond/bond0--bridge/br0",
    },
    {
      name: "a second cable to a switch that has the better way: the role is alternate",
      expect: "fail",
      facts: setPort(
        setBridge(bondHost(), "br0", { stp_state: 1, bridge_id: "8000.52:54:0:4c:0:10", root_port: 2 }),
        "bond0",
        {
          state: "blocking",
          no: "0x1",
          bridge_id: "4000.52:54:0:4c:ff:1",
          root_id: "4000.52:54:0:4c:ff:1",
          designated_port: 32770,
        },
      ),
      subject: "uplink/bond/bond0--bridge/br0",
    },
    {
      name: "stuck in learning",
      expect: "fail",
      facts: setPort(setBridge(bondHost(), "br0", { stp_state: 1, forward_delay: 200 }), "vnet0", {
        state: "learning",
      }),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
      samples: { waiting: [960_000, 980_000, 1_000_000].map((at) => ({ at, value: 1 })) },
    },
  ],
  good: [
    {
      name: "forwarding",
      expect: "pass",
      facts: bondHost(),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a new port listens for its forward delay",
      expect: "not-applicable",
      facts: setPort(setBridge(bondHost(), "br0", { stp_state: 1, forward_delay: 1500 }), "vnet0", {
        state: "listening",
      }),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
      samples: { waiting: [985_000, 1_000_000].map((at) => ({ at, value: 1 })) },
    },
    {
      name: "disabled, and its link has only just come",
      expect: "not-applicable",
      facts: setPort(bondHost(), "vnet0", { state: "disabled" }),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
      samples: { waiting: [{ at: 998_000, value: 1 }] },
    },
    {
      name: "no carrier: disabled because of that",
      expect: "not-applicable",
      facts: setPort(noCarrier(bondHost(), "bond0"), "bond0", { state: "disabled" }),
      subject: "uplink/bond/bond0--bridge/br0",
    },
    {
      name: "set down",
      expect: "not-applicable",
      facts: setPort(adminDown(bondHost(), "vnet0"), "vnet0", { state: "disabled" }),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "spanning tree blocks the second uplink",
      expect: "not-applicable",
      facts: setPort(
        addLinks(setBridge(bondHost(), "br0", { stp_state: 1 }), enslaved(nic(20, "nic2"), "br0")),
        "nic2",
        { state: "blocking" },
      ),
      subject: "uplink/nic/nic2--bridge/br0",
    },
    {
      name: "a second pair between two bridges",
      expect: "not-applicable",
      facts: setPort(
        addLinks(
          bondHost(),
          bridge(30, "br1"),
          enslaved(link(31, "va1", { link: "va0", linkinfo: { info_kind: "veth" } }), "br1"),
          enslaved(link(32, "va0", { link: "va1", linkinfo: { info_kind: "veth" } }), "br0"),
        ),
        "va0",
        { state: "blocking" },
      ),
      subject: "bridge-port/bridge/br0--veth/va0",
    },
  ],
  unknown: [
    { name: "interfaces not read", expect: "unknown", facts: unread(bondHost(), "ip-link"), subject: "host/self" },
  ],
};
