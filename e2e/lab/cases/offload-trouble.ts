import { defineCase } from "../cases";
import { hypervisor } from "../config";

/** Packets that the kernel refused since the last heal. */
const refused =
  "$(($(awk '$1 == \"Udp:\" && $2 ~ /^[0-9]/ { print $8 }' /proc/net/snmp) - $(cat /run/lab-refused 2>/dev/null || echo 0)))";

export const labCase = defineCase({
  id: "offload-trouble",
  check: "offload-trouble",
  base: "bond",
  // By default ten minutes, in which they would still count after the heal.
  settings: { "offload-trouble.window": 10 },
  story:
    "the gateway sends UDP whose checksums nobody has filled in: its offload leaves them to a card that does not do it",
  async inject(lab) {
    // Without the offload of its bridge the gateway's kernel sums by itself, and the rule spoils the sum after it: what leaves is what a card leaves that does not do its part.
    await lab.switchNs(["ethtool", "-K", "sw0", "tx", "off"]);
    await lab.switchNs([
      "nft",
      "add table ip spoil; add chain ip spoil out { type filter hook postrouting priority 300; }; add rule ip spoil out udp dport 9 udp checksum set 0x1234",
    ]);
    await lab.switchNs([
      "bash",
      "-c",
      `for n in $(seq 200); do echo checksum >/dev/udp/${hypervisor.address}/9; done; true`,
    ]);
    await lab.waitHv("the kernel refuses them", `test ${refused} -gt 100`);
  },
  shows: `test ${refused} -gt 100`,
  expect: { subjects: [/^host\//], impacts: [], alsoAllowed: [] },
  async heal(lab) {
    await lab.switchNs(["nft", "delete", "table", "ip", "spoil"]);
    await lab.hv("awk '$1 == \"Udp:\" && $2 ~ /^[0-9]/ { print $8 }' /proc/net/snmp >/run/lab-refused");
  },
});
