import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "vxlan-blocked",
  check: "vxlan-underlay",
  base: "bond",
  story: "a VXLAN with room for its header, and a rule of the host that lets no VXLAN in",
  async inject(lab) {
    await lab.hv(
      "ip link add vxlan100 type vxlan id 100 remote 10.20.0.1 local 10.20.0.10 dstport 4789 && ip link set vxlan100 mtu 1450 up",
    );
    await lab.hv("iptables -I INPUT 1 -p udp --dport 4789 -j DROP");
  },
  shows: "iptables -C INPUT -p udp --dport 4789 -j DROP",
  expect: {
    subjects: ["vxlan/vxlan100"],
    impacts: [],
    mayImpact: [],
    alsoAllowed: [],
  },
  async heal(lab) {
    await lab.hv("iptables -D INPUT -p udp --dport 4789 -j DROP");
  },
});
