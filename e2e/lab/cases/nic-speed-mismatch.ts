import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "nic-speed-mismatch",
  check: "nic-speed-mismatch",
  base: "bond",
  story: "nic1, the spare member of the bond, came up at 10 Mbit/s in half duplex",
  async inject(lab) {
    // As a link that is negotiated anew goes down and up: only then does the bond look at the speed of its member again.
    await lab.hv("ethtool -s nic1 speed 10 duplex half; ip link set nic1 down; ip link set nic1 up");
  },
  shows: "grep -qx half /sys/class/net/nic1/duplex",
  expect: { subjects: ["nic/nic1"], impacts: [], alsoAllowed: ["bond-members-differ"] },
  async heal(lab) {
    await lab.hv("ethtool -s nic1 speed 10000 duplex full; ip link set nic1 down; ip link set nic1 up");
  },
});
