import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "bridge-vlan-missing",
  check: "bridge-vlan-missing",
  base: "vlan",
  story: "the bond is taken out of VLAN 10: web-01 is alone in it",
  async inject(lab) {
    await lab.hv("bridge vlan del dev bond0 vid 10");
  },
  shows: "! bridge vlan show dev bond0 | grep -qw 10",
  expect: {
    subjects: ["bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01"],
    impacts: ["web-01"],
    mayImpact: ["web-01"],
    alsoAllowed: ["arp-incomplete"],
  },
  async heal(lab) {
    await lab.hv("bridge vlan add dev bond0 vid 10");
  },
});
