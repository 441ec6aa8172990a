import type { CheckExamples } from "../define";
import { bridgedHost, bySlot, handed, macvtapHost, withVf } from "../function-examples";
import { bondHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    { name: "its link is held down", expect: "fail", facts: withVf({ link_state: "disable" }), subject: "nic/mgmt0" },
    {
      name: "in another VLAN than its guest's definition says",
      expect: "warn",
      facts: withVf({ vlan_list: [{ vlan: 20 }] }, 10),
      subject: "nic/mgmt0",
    },
    {
      name: "checks for a MAC that is not its guest's",
      expect: "fail",
      facts: bySlot(withVf({ address: "52:54:00:99:99:99" })),
      subject: "nic/mgmt0",
    },
    {
      name: "guests are bridged over it, and it lets only its own MAC out",
      expect: "fail",
      facts: bridgedHost({}),
      subject: "nic/mgmt0",
    },
    {
      name: "a guest's macvtap on it, and it lets only its own MAC out",
      expect: "fail",
      facts: macvtapHost("bridge"),
      subject: "nic/mgmt0",
    },
    {
      name: "a card on vfio-pci that ifupdown wants in a bond",
      expect: "warn",
      facts: handed(["auto bond0", "iface bond0 inet manual", "  bond-slaves nic0 enp3s0f1"]),
      subject: "host/self",
    },
    {
      name: "a card on vfio-pci that is to be a bridge's port",
      expect: "warn",
      facts: handed(["auto br9", "iface br9 inet manual", "  bridge_ports enp3s0f1"]),
      subject: "host/self",
    },
  ],
  good: [
    { name: "follows the cable", expect: "pass", facts: withVf({ link_state: "auto" }), subject: "nic/mgmt0" },
    {
      name: "in its VLAN",
      expect: "pass",
      facts: withVf({ vlan_list: [{ vlan: 10 }] }, 10),
      subject: "nic/mgmt0",
    },
    {
      name: "a VLAN set by hand that the definition does not speak of",
      expect: "pass",
      facts: withVf({ vlan_list: [{ vlan: 20 }] }),
      subject: "nic/mgmt0",
    },
    {
      name: "held down, but it serves nobody",
      expect: "not-applicable",
      facts: withVf({ link_state: "disable", address: "00:00:00:00:00:00" }),
      subject: "nic/mgmt0",
    },
    {
      name: "another MAC and no spoof check: the guest bonds or routes",
      expect: "pass",
      facts: bySlot(withVf({ address: "52:54:00:99:99:99", spoofchk: false })),
      subject: "nic/mgmt0",
    },
    {
      name: "no MAC set: the guest's driver chooses, and the check follows it",
      expect: "pass",
      facts: bySlot(withVf({ address: "00:00:00:00:00:00" })),
      subject: "nic/mgmt0",
    },
    {
      name: "the guest's own MAC, found by slot",
      expect: "pass",
      facts: bySlot(withVf({})),
      subject: "nic/mgmt0",
    },
    {
      name: "guests are bridged over it, and it lets them out",
      expect: "pass",
      facts: bridgedHost({ spoofchk: false, trust: true }),
      subject: "nic/mgmt0",
    },
    {
      name: "a macvtap that took the function for itself",
      expect: "pass",
      facts: macvtapHost("passthru"),
      subject: "nic/mgmt0",
    },
    {
      name: "a card on vfio-pci that nobody else wants",
      expect: "pass",
      facts: handed(["auto bond0", "iface bond0 inet manual", "  bond-slaves nic0 nic1"]),
      subject: "host/self",
    },
    {
      name: "the wanted card has its driver",
      expect: "not-applicable",
      facts: handed(["auto br9", "iface br9 inet manual", "  bridge_ports enp3s0f1"], "igb"),
      subject: "host/self",
    },
    { name: "no virtual functions", expect: "not-applicable", facts: bondHost(), subject: "nic/mgmt0" },
  ],
  unknown: [
    {
      name: "libvirt did not answer",
      expect: "unknown",
      facts: unread(withVf({}), "libvirt-domains"),
      subject: "nic/mgmt0",
    },
    {
      name: "a wanted NIC is gone, and whether it is the card that was handed over cannot be told",
      expect: "unknown",
      facts: handed(["auto bond0", "iface bond0 inet manual", "  bond-slaves nic0 ens1f1"]),
      subject: "host/self",
    },
    {
      name: "configuration not read",
      expect: "unknown",
      facts: unread(handed([]), "net-config"),
      subject: "host/self",
    },
  ],
};
