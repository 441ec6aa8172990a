import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "vnic-carrier-off",
  check: "vnic-link-down",
  base: "bond",
  story: "a script took the carrier from web-01's TAP; libvirt knows nothing of it, and QEMU still holds the TAP",
  async inject(lab) {
    await lab.hv("ip link set dev vnet0 carrier off");
  },
  shows: 'test "$(cat /sys/class/net/vnet0/carrier)" = 0 && virsh domif-getlink web-01 vnet0 | grep -q "up"',
  expect: {
    subjects: ["vnic/web-01/52:54:00:5b:00:01"],
    impacts: ["web-01"],
    alsoAllowed: ["arp-incomplete", "bridge-port-blocked"],
  },
  async heal(lab) {
    await lab.hv("ip link set dev vnet0 carrier on");
  },
});
