import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "mac-invalid",
  check: "mac-invalid",
  base: "bond",
  story: "web-02 gets a second NIC whose MAC is all zero; libvirt takes it, no station can be reached by it",
  async inject(lab) {
    await lab.hv("virsh -q attach-interface web-02 bridge br0 --mac 00:00:00:00:00:00 --model virtio");
    await lab.waitHv("the new TAP is on the bridge", "ip -o link show master br0 | grep -q vnet2");
  },
  shows: "virsh domiflist web-02 | grep -q 00:00:00:00:00:00",
  expect: {
    subjects: [/^(vnic|tap)\/web-02\/00:00:00:00:00:00/],
    impacts: [],
    mayImpact: ["web-02"],
    alsoAllowed: [],
  },
  async heal(lab) {
    await lab.hv("virsh -q detach-interface web-02 bridge --mac 00:00:00:00:00:00");
    await lab.waitHv("the TAP is gone", "! ip link show vnet2", 60_000);
  },
});
