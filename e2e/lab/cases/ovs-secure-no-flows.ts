import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "ovs-secure-no-flows",
  check: "ovs-secure-no-flows",
  base: "ovs",
  story: "fail mode secure, and all flows deleted",
  async inject(lab) {
    await lab.hv("ovs-vsctl set-fail-mode ovsbr0 secure && ovs-ofctl del-flows ovsbr0");
  },
  shows:
    'test "$(ovs-vsctl get-fail-mode ovsbr0)" = secure && test "$(ovs-ofctl dump-flows ovsbr0 | grep -c actions=)" = 0',
  expect: {
    subjects: ["ovs-bridge/ovsbr0"],
    impacts: ["web-01", "web-02"],
    alsoAllowed: ["arp-incomplete", "gateway-unreachable"],
  },
  async heal(lab) {
    await lab.hv("ovs-vsctl set-fail-mode ovsbr0 standalone; ovs-ofctl add-flow ovsbr0 priority=0,actions=NORMAL");
  },
});
