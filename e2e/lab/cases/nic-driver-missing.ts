import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "nic-driver-missing",
  check: "nic-driver-missing",
  base: "bond",
  story: "the card of nic1, the spare member of the bond, lost its driver",
  async inject(lab) {
    await lab.hv(
      "s=$(basename $(readlink -f /sys/class/net/nic1/device/..)) && echo $s >/run/lab-slot && echo $s >/sys/bus/pci/drivers/virtio-pci/unbind",
    );
    await lab.waitHv("nic1 is gone", "! test -e /sys/class/net/nic1");
  },
  shows: "test -s /run/lab-slot && ! test -e /sys/bus/pci/devices/$(cat /run/lab-slot)/driver",
  expect: {
    subjects: [/^host\//],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["bond-member-missing", "bond-member-down", "managers-conflict"],
  },
  async heal(lab) {
    await lab.hv("cat /run/lab-slot >/sys/bus/pci/drivers/virtio-pci/bind");
    await lab.waitHv("nic1 is back", "test -e /sys/class/net/nic1", 30_000);
    await lab.hv("ip link set nic1 down; ip link set nic1 master bond0; ip link set nic1 up");
  },
});
