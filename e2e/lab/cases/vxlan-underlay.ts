import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "vxlan-underlay",
  check: "vxlan-underlay",
  base: "bond",
  story: "a VXLAN to the gateway is made with MTU 1500 over an underlay of 1500",
  async inject(lab) {
    await lab.hv(
      "ip link add vxlan100 type vxlan id 100 remote 10.20.0.1 local 10.20.0.10 dstport 4789 && ip link set vxlan100 mtu 1500 up",
    );
  },
  shows: "ip -d link show vxlan100 | grep -q 'mtu 1500'",
  expect: {
    subjects: ["vxlan/vxlan100"],
    impacts: [],
    mayImpact: [],
    alsoAllowed: [],
  },
  async heal(lab) {
    await lab.hv("ip link del vxlan100");
  },
});
