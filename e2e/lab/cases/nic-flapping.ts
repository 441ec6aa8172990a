import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "nic-flapping",
  check: "nic-flapping",
  base: "bond",
  story: "the cable of nic1, the spare member of the bond, has a loose contact: five losses in a row",
  async inject(lab) {
    for (let times = 0; times < 5; times++) {
      await lab.setLink("nic1", false);
      await lab.waitHv("nic1 has no carrier", "grep -qx 0 /sys/class/net/nic1/carrier");
      await lab.setLink("nic1", true);
      await lab.waitHv("nic1 has its carrier", "grep -qx 1 /sys/class/net/nic1/carrier");
    }
  },
  shows: 'test "$(cat /sys/class/net/nic1/carrier_down_count)" -ge 5',
  expect: {
    subjects: ["nic/nic1"],
    impacts: [],
    alsoAllowed: ["nic-no-carrier", "bond-member-down", "kernel-net-errors"],
  },
  async heal(lab) {
    // The window is ten minutes: instead of waiting, the card is swapped. A new one counts from zero.
    await lab.hv(
      "d=$(basename $(readlink -f /sys/class/net/nic1/device)) && echo $d >/sys/bus/virtio/drivers/virtio_net/unbind && sleep 1 && echo $d >/sys/bus/virtio/drivers/virtio_net/bind",
    );
    await lab.waitHv("nic1 is back", "test -e /sys/class/net/nic1", 30_000);
    await lab.hv("ip link set nic1 down; ip link set nic1 master bond0; ip link set nic1 up");
  },
});
