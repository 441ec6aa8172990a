import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "tap-no-process",
  check: "tap-no-process",
  base: "bond",
  story: "a guest started by hand is gone, its persistent TAP is still a port of br0",
  async inject(lab) {
    await lab.hv("ip tuntap add dev tap9 mode tap && ip link set tap9 master br0 up");
  },
  shows: "ip link show tap9 2>/dev/null | grep -q NO-CARRIER",
  expect: { subjects: ["tap/tap9"], impacts: [], alsoAllowed: [] },
  async heal(lab) {
    await lab.hv("ip tuntap del dev tap9 mode tap");
  },
});
