import type { FdbEntry } from "../../probes/bridge-fdb";
import { healthyFdb, learned, setBridge, withFdb } from "../bridge-examples";
import type { CheckExamples } from "../define";
import { addLinks, bondHost, bridge, enslaved, natHost, tap, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "a static entry names another guest's TAP",
      expect: "fail",
      facts: guestEntry(learned("52:54:00:5b:00:01", "vnet1", { state: "static" })),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a sticky entry on the uplink",
      expect: "fail",
      facts: guestEntry(learned("52:54:00:5b:00:01", "bond0", { flags: ["sticky"] })),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "permanent: the host swallows the guest's frames",
      expect: "fail",
      facts: guestEntry(learned("52:54:00:5b:00:01", "vnet0", { state: "permanent" })),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "the gateway pinned behind a guest",
      expect: "fail",
      facts: withFdb(bondHost(), [learned("52:54:00:4c:ff:01", "vnet1", { state: "static" })]),
      subject: "bridge/br0",
    },
    {
      name: "ageing 0 with three ports",
      expect: "warn",
      facts: withFdb(setBridge(bondHost(), "br0", { ageing_time: 0 })),
      subject: "bridge/br0",
    },
  ],
  good: [
    { name: "learned", expect: "pass", facts: withFdb(bondHost()), subject: "vnic/web-01/52:54:00:5b:00:01" },
    {
      name: "libvirt keeps the table: static on the guest's own TAP",
      expect: "pass",
      facts: guestEntry(learned("52:54:00:5b:00:01", "vnet0", { state: "static" })),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "learned on the uplink: no entry by hand",
      expect: "pass",
      facts: guestEntry(learned("52:54:00:5b:00:01", "bond0")),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    {
      name: "another bridge's entry",
      expect: "pass",
      facts: guestEntry(learned("52:54:00:5b:00:01", "eth9", { state: "static", master: "br9" })),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
    { name: "a healthy bridge", expect: "pass", facts: withFdb(bondHost()), subject: "bridge/br0" },
    {
      name: "OpenStack's bridge of two ports ages at once",
      expect: "pass",
      facts: withFdb(
        setBridge(
          addLinks(
            bondHost(),
            bridge(40, "qbr1"),
            enslaved(tap(41, "tap9", "52:54:00:00:00:99"), "qbr1"),
            enslaved(tap(42, "tap8", "52:54:00:00:00:98"), "qbr1"),
          ),
          "qbr1",
          { ageing_time: 0 },
        ),
      ),
      subject: "bridge/qbr1",
    },
    { name: "libvirt's NAT network", expect: "pass", facts: withFdb(natHost(), []), subject: "bridge/virbr0" },
  ],
  unknown: [
    {
      name: "forwarding table not read",
      expect: "unknown",
      facts: unread(withFdb(bondHost()), "bridge-fdb"),
      subject: "vnic/web-01/52:54:00:5b:00:01",
    },
  ],
};

function guestEntry(entry: FdbEntry) {
  return withFdb(bondHost(), [...healthyFdb.filter((one) => one.mac !== entry.mac), entry]);
}
