import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "kernel-net-errors",
  check: "kernel-net-errors",
  base: "bond",
  story: "the kernel's log says that nic1 stopped sending",
  async inject(lab) {
    await lab.hv("echo '<4>NETDEV WATCHDOG: nic1 (virtio_net): transmit queue 0 timed out' >/dev/kmsg");
  },
  shows: "dmesg | grep -q 'NETDEV WATCHDOG: nic1'",
  expect: { subjects: ["nic/nic1"], impacts: [], alsoAllowed: [] },
  async heal(lab) {
    await lab.hv("dmesg -C");
  },
});
