import { defineCase } from "../cases";
import type { Lab } from "../lab";

export const labCase = defineCase({
  id: "vxlan-wrong-vni",
  check: "vxlan-underlay",
  base: "bond",
  // By default ten minutes: more than a case waits.
  settings: { "vxlan-underlay.window": 30, "vxlan-underlay.sent": 20 },
  story: "the host's VXLAN has VNI 100, that of its far end has 200: everything arrives, and is dropped there",
  async inject(lab) {
    await far(lab, 200);
    await lab.hv(
      "ip link add vxlan100 type vxlan id 100 remote 10.20.0.1 local 10.20.0.10 dstport 4789 && ip addr add 10.66.0.10/24 dev vxlan100 && ip link set vxlan100 mtu 1450 up",
    );
    // Somebody asks for the far end all the time; ten minutes, then it stops by itself.
    await lab.hv("setsid timeout 600 ping -q -i 0.5 10.66.0.1 </dev/null >/dev/null 2>&1 &");
    await lab.waitHv("it sends", 'test "$(cat /sys/class/net/vxlan100/statistics/tx_packets)" -gt 5');
  },
  shows: "test -e /sys/class/net/vxlan100 && ! ping -q -c 1 -W 2 10.66.0.1",
  expect: {
    subjects: ["vxlan/vxlan100"],
    impacts: [],
    mayImpact: [],
    alsoAllowed: ["arp-incomplete"],
  },
  async heal(lab) {
    await lab.switchNs(["ip", "link", "del", "vxfar"]);
    await far(lab, 100);
    await lab.waitHv("the far end answers", "ping -q -c 1 -W 2 10.66.0.1", 30_000);
  },
});

async function far(lab: Lab, vni: number): Promise<void> {
  const make = `link add vxfar type vxlan id ${vni} remote 10.20.0.10 local 10.20.0.1 dstport 4789`;
  await lab.switchNs(["ip", ...make.split(" ")]);
  await lab.switchNs("ip addr add 10.66.0.1/24 dev vxfar".split(" "));
  await lab.switchNs("ip link set vxfar mtu 1450 up".split(" "));
}
