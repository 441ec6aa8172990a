import { counted } from "../bridge-examples";
import type { CheckExamples } from "../define";
import { addLinks, bondHost, bridge, edit, factsOf, setLink, unread, vlan } from "../testing";
import type { Neighbour } from "./lldp-vlan-mismatch";

export const examples: CheckExamples = {
  bad: [
    {
      name: "a VLAN interface over the bond, not on the switch port",
      expect: "warn",
      facts: told([10, 20], addLinks(bondHost(), vlan(30, "bond0.30", "bond0", 30))),
      subject: "nic/nic0",
    },
    {
      name: "a guest's VLAN on a filtering bridge",
      expect: "warn",
      facts: told([20, 30], filtering(10)),
      subject: "nic/nic0",
    },
    {
      name: "tagged here, untagged there",
      expect: "warn",
      facts: told([20], addLinks(bondHost(), vlan(30, "bond0.30", "bond0", 30)), 30),
      subject: "nic/nic0",
    },
    {
      name: "an access port in the very VLAN that is sent tagged here",
      expect: "warn",
      facts: told([], addLinks(bondHost(), vlan(30, "bond0.30", "bond0", 30)), 30),
      subject: "nic/nic0",
    },
    {
      name: "an access port: only its untagged VLAN is told, and VLAN 30 never received a frame",
      expect: "warn",
      facts: told([], heard(0, 40), 10),
      subject: "nic/nic0",
    },
    {
      name: "the native VLAN is another than the one set here",
      expect: "warn",
      facts: told([20], native(10), 5),
      subject: "nic/nic0",
    },
  ],
  good: [
    {
      name: "all are carried",
      expect: "pass",
      facts: told([10, 20, 30], addLinks(bondHost(), vlan(30, "bond0.30", "bond0", 30))),
      subject: "nic/nic0",
    },
    {
      name: "a guest's VLAN that is carried",
      expect: "pass",
      facts: told([10, 20], filtering(10)),
      subject: "nic/nic0",
    },
    {
      name: "a switch that tells only its PVID, and no VLAN is used",
      expect: "not-applicable",
      facts: told([], bondHost(), 1),
      subject: "nic/nic0",
    },
    {
      name: "a switch that tells nothing of VLANs",
      expect: "not-applicable",
      facts: edit(told([], heard(0, 40), 1), "lldp", (all) => all.map((one) => ({ ...one, vlans: [] }))),
      subject: "nic/nic0",
    },
    {
      name: "the native VLAN is the one set here",
      expect: "pass",
      facts: told([20], native(10), 10),
      subject: "nic/nic0",
    },
    {
      name: "the bridge's default PVID 1 is no number that somebody chose",
      expect: "pass",
      facts: told([10, 20], filtering(10), 99),
      subject: "nic/nic0",
    },
    {
      name: "all named are carried, and one VLAN is silent: that is another fault",
      expect: "pass",
      facts: told([20, 30], heard(0, 40), 10),
      subject: "nic/nic0",
    },
    { name: "no VLAN is used", expect: "not-applicable", facts: told([10, 20], bondHost()), subject: "nic/nic0" },
    {
      name: "VLANs on a bridge without filtering are the guests' own business",
      expect: "not-applicable",
      facts: told(
        [20],
        edit(filtering(10), "ip-link", (links) => links.map((one) => (one.ifname === "br0" ? bridge(6, "br0") : one))),
      ),
      subject: "nic/nic0",
    },
    {
      name: "no lldpd",
      expect: "not-applicable",
      facts: unread(told([10], bondHost()), "lldp", "absent", ""),
      subject: "nic/nic0",
    },
  ],
  unknown: [
    {
      name: "a switch that tells only its PVID, and VLAN 30 is in use",
      expect: "unknown",
      facts: told([], heard(700, 40), 1),
      subject: "nic/nic0",
    },
    {
      name: "VLAN 30 is silent, but by the other member of the bond",
      expect: "unknown",
      facts: edit(told([], heard(0, 40), 1), "bond", (all) => all.map((one) => ({ ...one, active: "nic1" }))),
      subject: "nic/nic0",
    },
    {
      name: "a switch that tells five VLANs and no more",
      expect: "unknown",
      facts: told([20, 31, 40, 50, 60], heard(9, 40)),
      subject: "nic/nic0",
    },
    {
      name: "lldpd did not answer",
      expect: "unknown",
      facts: unread(told([10], bondHost()), "lldp"),
      subject: "nic/nic0",
    },
  ],
};

function told(ids: readonly number[], facts: ReturnType<typeof bondHost>, pvid = 1) {
  const neighbour: Neighbour = {
    ifname: "nic0",
    via: "LLDP",
    chassis: { id: "52:54:00:4c:ff:11", name: "tor-01", mgmtIps: [], capabilities: ["Bridge"] },
    port: { id: "swp1" },
    vlans: [...ids.map((id) => ({ id, pvid: false })), { id: pvid, pvid: true }],
  };
  return { ...facts, ...factsOf({ lldp: [neighbour] }) };
}

/** bond0.30 has sent and received so much, its parent a lot. */
function heard(rx: number, tx: number) {
  const facts = addLinks(bondHost(), vlan(30, "bond0.30", "bond0", 30));
  return counted(counted(facts, "bond0.30", rx, tx), "bond0", 5000, 4000);
}

/** A filtering bridge whose uplink sends this VLAN without a tag, and a guest that is in it. */
function native(id: number) {
  const untagged = ["PVID", "Egress Untagged"];
  const ports = [
    { ifname: "bond0", vlans: [{ vlan: id, flags: untagged }, { vlan: 20 }] },
    { ifname: "vnet0", vlans: [{ vlan: id, flags: untagged }] },
    { ifname: "vnet1", vlans: [{ vlan: 20, flags: untagged }] },
  ];
  return { ...filtering(id), ...factsOf({ "bridge-vlan": ports }) };
}

function filtering(guest: number) {
  const facts = setLink(bondHost(), "br0", (one) => ({
    ...one,
    linkinfo: { info_kind: "bridge", info_data: { stp_state: 0, forward_delay: 0, vlan_filtering: 1 } },
  }));
  const untagged = ["PVID", "Egress Untagged"];
  return {
    ...facts,
    ...factsOf({
      "bridge-vlan": [
        {
          ifname: "bond0",
          vlans: [
            { vlan: 1, flags: untagged },
            { vlan: 10, vlanEnd: 20 },
          ],
        },
        { ifname: "vnet0", vlans: [{ vlan: guest, flags: untagged }] },
        { ifname: "vnet1", vlans: [{ vlan: 1, flags: untagged }] },
      ],
    }),
  };
}
