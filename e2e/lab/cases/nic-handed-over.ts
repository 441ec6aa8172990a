import { defineCase } from "../cases";

const driver = "$(basename $(readlink -f /sys/bus/pci/devices/$(cat /run/lab-slot)/driver))";

export const labCase = defineCase({
  id: "nic-handed-over",
  check: "vf-misconfigured",
  base: "bond",
  story:
    "the card of nic1 is given to pci-stub, to be handed to a guest, and /etc/network/interfaces still has nic1 in bond0 (vfio-pci takes no card here: the lab has no IOMMU)",
  async inject(lab) {
    await lab.hv(
      [
        "modprobe pci-stub",
        "s=$(basename $(readlink -f /sys/class/net/nic1/device/..)); echo $s >/run/lab-slot",
        "echo pci-stub >/sys/bus/pci/devices/$s/driver_override",
        "echo $s >/sys/bus/pci/drivers/virtio-pci/unbind",
        "echo $s >/sys/bus/pci/drivers_probe",
      ].join(" && "),
    );
    await lab.waitHv("nic1 is gone", "! test -e /sys/class/net/nic1");
  },
  shows: `test -s /run/lab-slot && test ${driver} = pci-stub && ! test -e /sys/class/net/nic1`,
  expect: {
    subjects: [/^host\//],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["bond-member-missing", "managers-conflict"],
  },
  async heal(lab) {
    await lab.hv(
      "s=$(cat /run/lab-slot); echo >/sys/bus/pci/devices/$s/driver_override; echo $s >/sys/bus/pci/drivers/pci-stub/unbind; echo $s >/sys/bus/pci/drivers_probe",
    );
    await lab.waitHv("nic1 is back", "test -e /sys/class/net/nic1", 30_000);
    await lab.hv("ip link set nic1 down; ip link set nic1 master bond0; ip link set nic1 up");
  },
});
