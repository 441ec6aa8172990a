import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "cabling-changed",
  check: "cabling-changed",
  base: "bond",
  story: "the cable of nic1 was put into another port of the switch (the port says another name by LLDP)",
  async inject(lab) {
    await lab.switchLldp(["configure", "ports", "swp2", "lldp", "portidsubtype", "local", "swp9"]);
    await lab.waitHv("lldpd heard the other port", "lldpcli show neighbors ports nic1 | grep -q swp9", 30_000);
  },
  shows: "lldpcli show neighbors ports nic1 | grep -q swp9",
  expect: { subjects: ["nic/nic1"], impacts: [], alsoAllowed: [] },
  async heal(lab) {
    // lldpd takes "ifname" for all ports only, and one that was set by hand keeps its own: it says its old name by hand.
    await lab.switchLldp(["configure", "ports", "swp2", "lldp", "portidsubtype", "local", "swp2"]);
    await lab.waitHv("lldpd heard the old port", "lldpcli show neighbors ports nic1 | grep -q swp2", 60_000);
  },
});
