import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "bridge-stp-delay",
  check: "bridge-stp-delay",
  base: "bond",
  story: "STP is switched on with the kernel's default delay: every new guest is deaf for 30 s",
  async inject(lab) {
    await lab.hv("ip link set br0 type bridge forward_delay 1500 && ip link set br0 type bridge stp_state 1");
    await lab.waitHv("the ports forward again", "! bridge link show | grep -qE 'state (listening|learning)'", 60_000);
  },
  shows: "ip -d link show br0 | grep -q 'forward_delay 1500.*stp_state 1'",
  expect: {
    subjects: ["bridge/br0"],
    impacts: [],
    mayImpact: ["web-01", "web-02"],
    alsoAllowed: ["arp-incomplete", "gateway-unreachable"],
  },
  async heal(lab) {
    await lab.hv("ip link set br0 type bridge stp_state 0 && ip link set br0 type bridge forward_delay 0");
  },
});
