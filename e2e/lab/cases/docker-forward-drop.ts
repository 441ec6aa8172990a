import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "docker-forward-drop",
  check: "bridge-netfilter-drop",
  base: "docker",
  story: "Docker's real policy DROP, and someone switched bridge-nf-call-iptables on, as container guides ask",
  async inject(lab) {
    await lab.hv("sysctl -qw net.bridge.bridge-nf-call-iptables=1");
  },
  shows:
    "test $(sysctl -n net.bridge.bridge-nf-call-iptables) = 1 && iptables -S FORWARD | grep -q -- '-P FORWARD DROP' && ! iptables -S DOCKER-USER | grep -q -- '-i br0 -o br0 -j ACCEPT'",
  expect: { subjects: ["bridge/br0"], impacts: ["web-01", "web-02"], alsoAllowed: ["arp-incomplete"] },
  // Docker's policy stays; frames of the bridge get their own way past it, as Docker's manual says.
  async heal(lab) {
    await lab.hv("iptables -I DOCKER-USER -i br0 -o br0 -j ACCEPT");
  },
});
