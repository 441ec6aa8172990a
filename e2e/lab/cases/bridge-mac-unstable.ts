import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "bridge-mac-unstable",
  check: "bridge-mac-unstable",
  base: "bond",
  story: "br0 is made anew without a MAC of its own, and web-01's TAP gets a low one: the bridge takes it",
  async inject(lab) {
    await lab.hv(
      "printf '[Match]\\nOriginalName=br0\\n[Link]\\nMACAddressPolicy=none\\n' >/etc/systemd/network/05-br0.link && udevadm control --reload && ip link del br0 && ip link add br0 type bridge stp_state 0 forward_delay 0 && ip link set br0 up && for port in bond0 vnet0 vnet1; do ip link set $port master br0; done && ip addr add 10.20.0.10/24 dev br0 && ip route add default via 10.20.0.1 dev br0 && ip link set vnet0 address 02:00:00:00:00:01",
    );
    await lab.waitHv("the bridge took the TAP's address", "ip link show br0 | grep -q 02:00:00:00:00:01");
  },
  shows: 'test "$(cat /sys/class/net/br0/addr_assign_type)" != 3 && ip link show br0 | grep -q 02:00:00:00:00:01',
  expect: {
    subjects: ["bridge/br0"],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["arp-incomplete", "route-churn"],
  },
  async heal(lab) {
    await lab.hv("ip link set vnet0 address fe:54:00:5b:00:01 && ip link set br0 address 52:54:00:4c:00:10");
  },
});
