import { guestsOf } from "../guests";
import type { Pass } from "../pass";

/**
 * Edges that a guest's configuration wants and the kernel does not have: the XML names a bridge, the TAP is on none or on another. They are `present: false`;
 * where the kernel has the edge, the pass `bridges` made it and it stays as it is.
 */
export const pass: Pass = {
  id: "expected",
  after: ["bridges", "taps", "guests"],
  needs: ["ip-link", "libvirt-domains"],
  optional: ["libvirt-state", "libvirt-networks"],
  run(builder) {
    for (const guest of guestsOf(builder.facts)) {
      if (!guest.alive) continue;
      for (const nic of guest.nics) {
        if (nic.tap === undefined || nic.bridge === undefined) continue;
        const tap = builder.byName(nic.tap);
        const bridge = builder.byName(nic.bridge);
        if (tap?.kind !== "tap" || bridge?.kind !== "bridge") continue;
        builder.addEdge({ kind: "bridge-port", from: bridge.id, to: tap.id, present: false });
      }
    }
  },
};
