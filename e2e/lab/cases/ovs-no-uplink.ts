import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "ovs-no-uplink",
  check: "ovs-no-uplink",
  base: "ovs",
  story: "the bond's port was deleted from the bridge",
  async inject(lab) {
    await lab.hv("ovs-vsctl del-port ovsbr0 bond1");
  },
  shows: "! ovs-vsctl list-ports ovsbr0 | grep -qx bond1",
  expect: {
    subjects: ["ovs-bridge/ovsbr0"],
    impacts: ["web-01", "web-02"],
    alsoAllowed: ["arp-incomplete", "gateway-unreachable", "bridge-no-uplink", "vlan-silent"],
  },
  async heal(lab) {
    await lab.hv("ovs-vsctl add-bond ovsbr0 bond1 nic0 nic1 bond_mode=active-backup trunks=0,10,20,30");
  },
});
