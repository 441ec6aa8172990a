import { guestDoubts, guestProbes, guestsOf } from "../guests";
import type { GraphBuilder, Pass } from "../pass";

/**
 * Edges that a guest's configuration wants and the kernel does not have: the XML names a bridge, the TAP is on none or on another. They are `present: false`;
 * where the kernel has the edge, the pass `bridges` made it and it stays as it is.
 */
export const pass: Pass = {
  id: "expected",
  after: ["bridges", "taps", "guests", "ovs"],
  needs: ["ip-link"],
  doubtWithout: guestDoubts,
  optional: [...guestProbes.filter((probe) => probe !== "ip-link"), "ovs"],
  run(builder) {
    for (const guest of guestsOf(builder.facts)) {
      if (!guest.alive) continue;
      for (const nic of guest.nics) {
        if (nic.tap === undefined || nic.bridge === undefined) continue;
        const tap = builder.byName(nic.tap);
        const bridge = builder.byName(nic.bridge);
        if (tap?.kind !== "tap" || !bridge) continue;
        if (bridge.kind === "bridge")
          builder.addEdge({ kind: "bridge-port", from: bridge.id, to: tap.id, present: false });
        else if (bridge.kind === "ovs-bridge" && !hasOvsPort(builder, nic.tap))
          builder.addEdge({ kind: "ovs-port", from: bridge.id, to: tap.id, present: false });
      }
    }
  },
};

/** Open vSwitch names a port after its interface unless it is a bond; TAPs are not bonded. */
const hasOvsPort = (builder: GraphBuilder, tap: string): boolean =>
  builder.ofKind("ovs-port").some((port) => port.name === tap);
