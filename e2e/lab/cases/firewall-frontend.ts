import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "firewall-frontend",
  check: "firewall-frontend",
  base: "bond",
  story: "ufw was switched on while bridged frames pass iptables: what it calls routed, it refuses",
  async inject(lab) {
    // The management address is on another interface; let it in as any administrator would before he switches ufw on.
    await lab.hv("ufw allow 22/tcp && ufw --force enable", 120_000);
    await lab.hv("modprobe br_netfilter; sysctl -qw net.bridge.bridge-nf-call-iptables=1");
  },
  shows:
    "test $(sysctl -n net.bridge.bridge-nf-call-iptables) = 1 && iptables -S FORWARD | grep -q -- '-P FORWARD DROP' && ! iptables -S ufw-user-forward | grep -q -- '-i br0 -j ACCEPT'",
  // By its defaults ufw lets pings through: whether guests still answer them is not held against it.
  expect: { subjects: ["bridge/br0"], impacts: [], mayImpact: ["web-01", "web-02"], alsoAllowed: [] },
  // Exactly what the finding says.
  async heal(lab) {
    await lab.hv("ufw route allow in on br0 && ufw route allow out on br0", 120_000);
  },
});
