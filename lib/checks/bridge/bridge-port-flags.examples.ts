import { healthyFdb, learned, setBridge, setPort, withFdb } from "../bridge-examples";
import type { CheckExamples } from "../define";
import { bondHost, edit, natHost, plainHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "neither learned nor flooded: the guest is deaf",
      expect: "fail",
      facts: withFdb(
        setPort(healthy(), "vnet0", { learning: false, flood: false }),
        healthyFdb.filter((entry) => entry.mac !== "52:54:00:5b:00:01"),
      ),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "no broadcast to the guest",
      expect: "fail",
      facts: setPort(healthy(), "vnet0", { bcast_flood: false }),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "not learned, only flooded",
      expect: "warn",
      facts: withFdb(
        setPort(healthy(), "vnet0", { learning: false }),
        healthyFdb.filter((entry) => entry.mac !== "52:54:00:5b:00:01"),
      ),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "the uplink is isolated, and a guest too",
      expect: "fail",
      facts: setPort(setPort(healthy(), "bond0", { isolated: true }), "vnet0", { isolated: true }),
      subject: "uplink/bond/bond0--bridge/br0",
    },
    {
      name: "two guests are isolated though their XML does not say so",
      expect: "warn",
      facts: setPort(setPort(healthy(), "vnet1", { isolated: true }), "vnet0", { isolated: true }),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "locked without an entry for the guest",
      expect: "fail",
      facts: withFdb(
        setPort(healthy(), "vnet0", { locked: true }),
        healthyFdb.filter((entry) => entry.mac !== "52:54:00:5b:00:01"),
      ),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "the host answers ARP for others there",
      expect: "warn",
      facts: setPort(healthy(), "vnet0", { neigh_suppress: true }),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
  ],
  good: [
    {
      name: "as the kernel sets them",
      expect: "pass",
      facts: healthy(),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "libvirt keeps the table itself",
      expect: "pass",
      facts: withFdb(setPort(healthy(), "vnet0", { learning: false, flood: false }), [
        learned("52:54:00:5b:00:01", "vnet0", { state: "static" }),
      ]),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "libvirt keeps the table itself, and takes the entry out while the guest is suspended",
      expect: "pass",
      facts: edit(withFdb(setPort(healthy(), "vnet0", { learning: false, flood: false }), []), "libvirt-state", (all) =>
        all.map((one) => ({ ...one, state: "paused" as const })),
      ),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "isolated as the XML says",
      expect: "pass",
      facts: edit(
        setPort(setPort(healthy(), "vnet1", { isolated: true }), "vnet0", { isolated: true }),
        "libvirt-domains",
        (domains) =>
          domains.map((domain) => ({
            ...domain,
            interfaces: domain.interfaces.map((nic) => ({ ...nic, isolated: true })),
          })),
      ),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "one isolated port alone is cut off from nobody",
      expect: "pass",
      facts: setPort(healthy(), "vnet0", { isolated: true }),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "an iproute2 that tells no flags",
      expect: "not-applicable",
      facts: withFdb(natHost()),
      subject: "bridge-port/bridge/virbr0--tap/nat-1/52:54:00:5b:00:01",
    },
  ],
  unknown: [
    {
      name: "forwarding table not read",
      expect: "unknown",
      facts: unread(setPort(healthy(), "vnet0", { learning: false }), "bridge-fdb"),
      subject: "bridge-port/bridge/br0--tap/web-01/52:54:00:5b:00:01",
    },
    { name: "interfaces not read", expect: "unknown", facts: unread(plainHost(), "ip-link"), subject: "host/self" },
  ],
};

function healthy() {
  const flags = { learning: true, flood: true, mcast_flood: true, bcast_flood: true, isolated: false, locked: false };
  const facts = ["bond0", "vnet0", "vnet1"].reduce((all, name) => setPort(all, name, flags), bondHost());
  return withFdb(setBridge(facts, "br0", { mcast_snooping: 1 }));
}
