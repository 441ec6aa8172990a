import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "host-memory-pressure",
  check: "host-memory-pressure",
  base: "bond",
  story: "a program wants more memory than it may have, and waits for reclaim all the time",
  async inject(lab) {
    // In a fence of its own, so that the kernel slows it down and kills nobody; ends by itself.
    await lab.hv(
      "systemd-run -q --unit=hungry -p MemoryHigh=24M -p MemoryMax=200M timeout 180 sh -c 'head -c 120M /dev/zero | tail -n 1 | sleep 170'",
    );
    await lab.waitHv(
      "the kernel counts stalls",
      "awk '/^some/ { split($2, a, \"=\"); exit !(a[2] > 5) }' /proc/pressure/memory",
      60_000,
    );
  },
  shows: "systemctl is-active -q hungry.service",
  expect: {
    subjects: [/^host\//],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["host-cpu-saturated"],
  },
  async heal(lab) {
    await lab.hv("systemctl stop hungry", 60_000);
    // A mean over a minute sinks by and by: two minutes from all to a tenth.
    await lab.waitHv(
      "the mean over a minute sank",
      "awk '/^some/ { split($3, a, \"=\"); exit !(a[2] < 5) }' /proc/pressure/memory",
      240_000,
    );
  },
});
