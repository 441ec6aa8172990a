import type { Facts } from "../../facts/facts";
import { every10s, healthyFdb, learned, setBond, setBridge, withFdb } from "../bridge-examples";
import type { CheckExamples } from "../define";
import { logLine, withHost } from "../host-examples";
import {
  addLinks,
  bondHost,
  bridge,
  edit,
  enslaved,
  link,
  natHost,
  plainHost,
  setLink,
  unread,
  vlan,
} from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "both ends of a veth pair on one bridge",
      expect: "fail",
      facts: addLinks(bondHost(), veth(40, "la", "lb", "br0"), veth(41, "lb", "la", "br0")),
      subject: "bridge/br0",
    },
    {
      name: "two pairs between two bridges",
      expect: "fail",
      facts: pairs("br1", "br1"),
      subject: "bridge/br0",
    },
    {
      name: "own frames come back, and the guests' too",
      expect: "fail",
      facts: looping(true, 8),
      subject: "bridge/br0",
    },
    {
      name: "both guests' addresses keep moving to the uplink, and the log is for root only",
      expect: "fail",
      facts: unread(movedTo("bond0"), "kernel-log", "refused"),
      subject: "bridge/br0",
      samples: { moved: every10s(955, 969, 984, 996) },
    },
  ],
  good: [
    { name: "healthy", expect: "pass", facts: withFdb(withHost(bondHost())), subject: "bridge/br0" },
    {
      name: "the log is for root only, and no guest's address moves",
      expect: "pass",
      facts: unread(withFdb(withHost(bondHost())), "kernel-log", "refused"),
      subject: "bridge/br0",
    },
    {
      name: "spanning tree guards, and the log is for root only",
      expect: "pass",
      facts: setBridge(unread(withFdb(withHost(bondHost(1))), "kernel-log", "refused"), "br0", { stp_state: 1 }),
      subject: "bridge/br0",
    },
    {
      name: "two guests seen outside once: they have just moved here",
      expect: "pass",
      facts: movedTo("bond0"),
      subject: "bridge/br0",
      samples: { moved: every10s(981) },
    },
    {
      name: "two guests that ran elsewhere are started here: they have not spoken yet, and their entries grow old",
      expect: "pass",
      facts: movedTo("bond0"),
      subject: "bridge/br0",
      samples: { moved: every10s(958, 959, 957, 958, 958) },
    },
    {
      name: "one guest's address goes to and fro: it has a twin",
      expect: "pass",
      facts: withFdb(withHost(bondHost()), [learned("52:54:00:5b:00:01", "bond0")]),
      subject: "bridge/br0",
    },
    {
      name: "two guests arrive by migration: still paused here",
      expect: "pass",
      facts: edit(movedTo("bond0"), "libvirt-state", (all) =>
        all.map((one) => ({ ...one, state: "paused" as const, reason: "migration" })),
      ),
      subject: "bridge/br0",
    },
    {
      name: "a bond without LACP gets its own broadcasts back",
      expect: "pass",
      facts: setBond(movedTo("bond0"), (bond) => ({ ...bond, mode: "balance-rr" })),
      subject: "bridge/br0",
      samples: { moved: every10s(955, 969, 984, 996) },
    },
    {
      name: "the same by a VLAN over the bond",
      expect: "pass",
      facts: addLinks(
        setLink(
          setBond(movedTo("bond0.20"), (bond) => ({ ...bond, mode: "balance-rr" })),
          "bond0",
          { master: undefined },
        ),
        enslaved(vlan(30, "bond0.20", "bond0", 20), "br0"),
      ),
      subject: "bridge/br0",
      samples: { moved: every10s(955, 969, 984, 996) },
    },
    {
      name: "guests on NAT, the log is for root only",
      expect: "pass",
      facts: withFdb(natHost()),
      subject: "bridge/virbr0",
    },
    { name: "idle docker0", expect: "pass", facts: plainHost(), subject: "bridge/docker0" },
    { name: "one pair to another bridge", expect: "pass", facts: watched(pairs("br1")), subject: "bridge/br0" },
    {
      name: "pairs to two bridges that do not meet",
      expect: "pass",
      facts: watched(pairs("br1", "br2")),
      subject: "bridge/br0",
    },
    {
      name: "two pairs, and spanning tree guards",
      expect: "pass",
      facts: withFdb(setBridge(setBridge(pairs("br1", "br1"), "br0", { stp_state: 1 }), "br1", { stp_state: 1 })),
      subject: "bridge/br0",
    },
    {
      name: "own-address lines alone: a twin of the host, or a bond's reflection",
      expect: "pass",
      facts: looping(false, 8),
      subject: "bridge/br0",
    },
    { name: "lines of long ago", expect: "pass", facts: looping(true, 8, 1000), subject: "bridge/br0" },
    {
      name: "virbr0 on a host whose log only root reads",
      expect: "pass",
      facts: unread(bondHost(), "kernel-log", "refused"),
      subject: "bridge/virbr0",
    },
  ],
  unknown: [
    {
      name: "the forwarding table was not read",
      expect: "unknown",
      facts: unread(withHost(bondHost()), "bridge-fdb", "refused"),
      subject: "bridge/br0",
    },
    {
      name: "neither the log nor guests that could show it",
      expect: "unknown",
      facts: unread(withFdb(withHost(bondHost(1))), "kernel-log", "refused"),
      subject: "bridge/br0",
    },
    { name: "interfaces not read", expect: "unknown", facts: unread(bondHost(), "ip-link"), subject: "host/self" },
  ],
};

function veth(ifindex: number, ifname: string, peer: string, master: string) {
  return enslaved(link(ifindex, ifname, { link: peer, linkinfo: { info_kind: "veth" } }), master);
}

/** bond host with one veth pair from br0 to each of the bridges named. */
function pairs(...far: readonly string[]) {
  const bridges = [...new Set(far)].map((name, at) => bridge(50 + at, name));
  return addLinks(
    bondHost(),
    ...bridges,
    ...far.flatMap((name, at) => [
      veth(60 + 2 * at, `a${at}`, `b${at}`, "br0"),
      veth(61 + 2 * at, `b${at}`, `a${at}`, name),
    ]),
  );
}

function watched(facts: Facts): Facts {
  return withFdb(withHost(facts));
}

/** Both guests' addresses are learned on this port now. */
function movedTo(port: string): Facts {
  return withFdb(withHost(bondHost()), [
    ...healthyFdb.filter((entry) => !entry.mac.startsWith("52:54:00:5b:")),
    learned("52:54:00:5b:00:01", port),
    learned("52:54:00:5b:00:02", port),
  ]);
}

function looping(guests: boolean, lines: number, secondsAgo = 5) {
  const text = "br0: received packet on bond0 with own address as source address (addr:52:54:00:4c:00:10, vlan:0)";
  const facts = withFdb(
    withHost(bondHost()),
    guests ? [learned("52:54:00:5b:00:01", "bond0")] : [learned("52:54:00:5b:00:01", "vnet0")],
  );
  return edit(facts, "kernel-log", (all) => [
    ...all,
    ...Array.from({ length: lines }, () => logLine(9_000 - secondsAgo, text)),
  ]);
}
