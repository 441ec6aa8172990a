import { defineCase } from "../cases";
import { restartWithAgent } from "../guest-agent";

const mac = "52:54:00:5b:00:32";
const address = "10.20.130.12";
const nic = `<interface type="direct"><mac address="${mac}"/><source dev="bond0.30" mode="bridge"/><model type="virtio"/></interface>`;
const unheard = `ip neigh show ${address} dev bond0.30 | grep -qE 'FAILED|INCOMPLETE'`;

export const labCase = defineCase({
  id: "macvtap-host-isolation",
  check: "macvtap-host-isolation",
  base: "vlan",
  story:
    "web-02 gets a second NIC on the host's storage VLAN by macvtap and an address there: the gateway of that VLAN reaches it, its own host asks for it in vain (a script in the guest stands in for qemu-ga and tells the address; the channel and libvirt are real)",
  async inject(lab) {
    await restartWithAgent(lab, "web-02", "10.20.120.1", 20, nic);
    await lab.guest("web-02", `ip link set eth1 up; ip addr add ${address}/24 dev eth1`);
    await lab.switchNs(["ping", "-n", "-q", "-c", "5", "-W", "5", address]);
    await lab.hv(`systemd-run -q --unit=asks timeout 400 ping -q -i 1 ${address}`);
    await lab.waitHv("the host has asked in vain", unheard);
  },
  shows: `ip -o link show type macvtap | grep -q '@bond0.30' && ${unheard}`,
  expect: {
    subjects: [`macvtap/web-02/${mac}`],
    impacts: [],
    alsoAllowed: [],
  },
  async heal(lab) {
    await lab.hv(`systemctl stop asks; virsh -q detach-interface web-02 direct --mac ${mac} --live`, 60_000);
    await lab.waitHv("the macvtap is gone", "! ip -o link show type macvtap | grep -q .", 60_000);
  },
});
