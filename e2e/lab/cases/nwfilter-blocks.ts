import { defineCase } from "../cases";

export const labCase = defineCase({
  id: "nwfilter-blocks",
  check: "nwfilter-blocks",
  base: "bond",
  story: "web-01's filter was copied from another guest: clean-traffic with an address that is not its own",
  async inject(lab) {
    await lab.hv(
      [
        "virsh dumpxml web-01 | sed -n \"/<interface type='bridge'>/,/<\\/interface>/p\" >/run/lab-plain.xml",
        "sed \"s#</interface>#<filterref filter='clean-traffic'><parameter name='IP' value='10.20.0.99'/></filterref></interface>#\" /run/lab-plain.xml >/run/lab-filter.xml",
        "virsh -q update-device web-01 /run/lab-filter.xml --live",
      ].join(" && "),
      60_000,
    );
    // Somebody has to ask for it, or nothing is dropped: for two minutes. (With -w ping would end at the first "unreachable".)
    await lab.hv("setsid timeout 120 ping -q -i 1 10.20.0.11 </dev/null >/dev/null 2>&1 &");
  },
  shows: "virsh dumpxml web-01 | grep -q clean-traffic",
  expect: {
    subjects: ["vnic/web-01/52:54:00:5b:00:01"],
    impacts: ["web-01"],
    alsoAllowed: ["arp-incomplete", "bridge-filter-drops", "mac-allowlist"],
  },
  async heal(lab) {
    await lab.hv("virsh -q update-device web-01 /run/lab-plain.xml --live", 60_000);
  },
});
