import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "bridge-netfilter-drop",
  check: "bridge-netfilter-drop",
  base: "bond",
  story: "bridged frames pass iptables, and the policy of FORWARD is DROP, as after the installation of Docker",
  async inject(lab) {
    await lab.hv("sysctl -qw net.bridge.bridge-nf-call-iptables=1; iptables -P FORWARD DROP");
  },
  shows:
    "test $(sysctl -n net.bridge.bridge-nf-call-iptables) = 1 && iptables -S FORWARD | grep -q -- '-P FORWARD DROP'",
  expect: { subjects: ["bridge/br0"], impacts: ["web-01", "web-02"], alsoAllowed: ["arp-incomplete"] },
  async heal(lab) {
    await lab.hv("iptables -P FORWARD ACCEPT; sysctl -qw net.bridge.bridge-nf-call-iptables=0");
  },
});
