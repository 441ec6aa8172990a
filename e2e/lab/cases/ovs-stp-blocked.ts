import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "ovs-stp-blocked",
  check: "ovs-stp-blocked",
  base: "ovs",
  story:
    "somebody switched STP on and joined two guests outside of Open vSwitch: what is sent to web-01's port by STP comes back in by web-02's, which is blocked for good",
  async inject(lab) {
    // The cable between the two guests: only STP's own frames pass it, so that no storm is made. A storm would come before the protocol has learned of the loop.
    await lab.hv("tc qdisc add dev vnet2 clsact");
    await lab.hv(
      "tc filter add dev vnet2 egress protocol all flower dst_mac 01:80:c2:00:00:00 action mirred ingress mirror dev vnet3",
    );
    await lab.hv("ovs-vsctl set port vnet2 other_config:stp-port-num=1 -- set port vnet3 other_config:stp-port-num=2");
    await lab.hv("ovs-vsctl set bridge ovsbr0 stp_enable=true other_config:stp-forward-delay=4");
    await lab.waitHv("web-01's port forwards", `${state("vnet2")} | grep -q forwarding`, 60_000);
    await lab.waitHv("web-02's port is blocked", `${state("vnet3")} | grep -q blocking`, 60_000);
  },
  shows: `${state("vnet3")} | grep -q blocking`,
  expect: {
    subjects: ["ovs-port/ovsbr0/vnet3"],
    impacts: ["web-02"],
    mayImpact: ["web-01"],
    alsoAllowed: ["datapath-program", "arp-incomplete"],
  },
  async heal(lab) {
    await lab.hv("ovs-vsctl set bridge ovsbr0 stp_enable=false");
    await lab.hv("tc qdisc del dev vnet2 clsact");
  },
});

function state(port: string): string {
  return `ovs-vsctl get port ${port} status:stp_state 2>/dev/null`;
}
