import { healthyVlans, vlanHost, withPort } from "../bridge-examples";
import type { CheckExamples } from "../define";
import { bondHost, edit, natHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "the uplink lost VLAN 10",
      expect: "fail",
      facts: vlanHost(withPort("bond0", [{ vlan: 1, flags: ["PVID", "Egress Untagged"] }, { vlan: 20 }])),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "the TAP has no VLAN",
      expect: "fail",
      facts: vlanHost(withPort("vnet0", [])),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "two guests share a VLAN that no uplink has",
      expect: "warn",
      facts: vlanHost([
        ...withPort("vnet0", [{ vlan: 30, flags: ["PVID", "Egress Untagged"] }]).filter(
          (port) => port.ifname !== "vnet1",
        ),
        { ifname: "vnet1", vlans: [{ vlan: 30, flags: ["PVID", "Egress Untagged"] }] },
      ]),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "the XML says VLAN 10, the port has 20",
      expect: "fail",
      facts: told(10, vlanHost(withPort("vnet0", [{ vlan: 20, flags: ["PVID", "Egress Untagged"] }]))),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "comes in untagged, goes out tagged",
      expect: "fail",
      facts: vlanHost(withPort("vnet0", [{ vlan: 10, flags: ["PVID"] }])),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
  ],
  good: [
    {
      name: "guest and uplink in VLAN 10",
      expect: "pass",
      facts: vlanHost(),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "as a range",
      expect: "pass",
      facts: vlanHost(withPort("bond0", [{ vlan: 2, vlanEnd: 4094 }])),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a trunk to the guest",
      expect: "pass",
      facts: vlanHost(withPort("vnet0", [{ vlan: 10 }, { vlan: 50 }])),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a VLAN that the host routes itself",
      expect: "pass",
      facts: vlanHost([
        ...withPort("vnet0", [{ vlan: 40, flags: ["PVID", "Egress Untagged"] }]).filter(
          (port) => port.ifname !== "br0",
        ),
        { ifname: "br0", vlans: [{ vlan: 40 }] },
      ]),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "the bridge does not filter",
      expect: "not-applicable",
      facts: bondHost(),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "libvirt's NAT network",
      expect: "not-applicable",
      facts: natHost(),
      subject: "bridge-port/bridge/virbr0--tap/nat-1/52:54:00:5b:00:01",
    },
  ],
  unknown: [
    {
      name: "VLANs not read",
      expect: "unknown",
      facts: unread(vlanHost(healthyVlans), "bridge-vlan"),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
  ],
};

function told(id: number, facts: ReturnType<typeof bondHost>) {
  return edit(facts, "libvirt-domains", (domains) =>
    domains.map((domain, at) =>
      at === 0
        ? {
            ...domain,
            interfaces: domain.interfaces.map((nic) => ({ ...nic, vlan: { trunk: false, tags: [{ id }] } })),
          }
        : domain,
    ),
  );
}
