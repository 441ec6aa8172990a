import { defineCase } from "../cases";
import { guests, physical } from "../config";

export const labCase = defineCase({
  id: "fdb-guest-on-uplink",
  check: "fdb-guest-on-uplink",
  base: "bond",
  settings: { "fdb-guest-on-uplink.window": 40 },
  story: "a machine behind the switch sends with web-01's MAC, twice a second",
  async inject(lab) {
    await lab.switchNs(["ip", "link", "add", "twin0", "type", "veth", "peer", "name", "twin1"]);
    await lab.switchNs(["ip", "link", "set", "twin1", "master", physical.bridge, "up"]);
    await lab.switchNs(["ip", "link", "set", "twin0", "address", guests["web-01"].mac, "up"]);
    await lab.switchNs(["ip", "addr", "add", "10.20.0.88/32", "dev", "twin0"]);
    // Bounded: ten a second for three minutes at most; it ends with the veth pair.
    await lab.switchNs([
      "sh",
      "-c",
      "(timeout 180 sh -c 'while ip link show twin0 >/dev/null 2>&1; do arping -q -c 1 -w 1 -U -I twin0 10.20.0.88; sleep 0.1; done' >/dev/null 2>&1 &)",
    ]);
    await lab.waitHv(
      "the bridge learned it on the bond",
      "bridge fdb show dev bond0 | grep -v permanent | grep -q 52:54:00:5b:00:01",
    );
  },
  shows:
    "for i in $(seq 50); do bridge fdb show dev bond0 | grep -v permanent | grep -q 52:54:00:5b:00:01 && exit 0; sleep 0.1; done; exit 1",
  expect: {
    subjects: ["vnic/web-01/52:54:00:5b:00:01"],
    impacts: [],
    mayImpact: ["web-01"],
    alsoAllowed: ["mac-duplicate", "address-duplicate", "arp-incomplete", "kernel-net-errors"],
  },
  async heal(lab) {
    await lab.switchNs(["ip", "link", "del", "twin0"]);
    // The bridge believes the last one who spoke.
    await lab.guest("web-01", `ping -q -c 2 -W 2 ${physical.gateway}; true`);
  },
});
