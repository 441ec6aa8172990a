import { defineCase } from "../cases";

const mac = "52:54:00:5b:00:22";

export const labCase = defineCase({
  id: "vnic-model-slow",
  check: "vnic-model-slow",
  base: "bond",
  story: "web-02 gets a second NIC of the model e1000",
  async inject(lab) {
    await lab.hv(`virsh -q attach-interface web-02 bridge br0 --mac ${mac} --model e1000`);
    await lab.waitHv("the new TAP is on the bridge", "ip -o link show master br0 | grep -q vnet2");
  },
  shows: "virsh domiflist web-02 | grep -q e1000",
  expect: { subjects: [`vnic/web-02/${mac}`], impacts: [], alsoAllowed: ["tap-tx-drops"] },
  async heal(lab) {
    // A guest without a driver for it does not let it go by itself.
    await lab.tryHv(`virsh -q detach-interface web-02 bridge --mac ${mac}`);
    await lab.waitHv("the TAP is gone", "! ip link show vnet2", 60_000);
  },
});
