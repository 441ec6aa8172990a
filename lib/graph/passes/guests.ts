import { type GuestNic, guestDoubts, guestProbes, guestsOf, type KnownGuest, nicKey, nicPath } from "../guests";
import { escapeName } from "../identity";
import type { AttributesOf } from "../kinds";
import { optional, present } from "../links";
import type { GraphBuilder, Pass } from "../pass";

/** Guests, their virtual NICs, and what on the host each of those ends in. A guest that is off is there, without a TAP. */
export const pass: Pass = {
  id: "guests",
  after: ["taps", "links"],
  needs: [],
  doubtWithout: guestDoubts,
  optional: [...new Set([...guestProbes, "ip-link"] as const)],
  run(builder) {
    for (const guest of guestsOf(builder.facts)) addGuest(builder, guest);
  },
};

function addGuest(builder: GraphBuilder, guest: KnownGuest): void {
  const vm = builder.addNode({
    kind: "vm",
    name: guest.name,
    keys: [`vm:${guest.key}`, `vm:name:${guest.name}`],
    path: escapeName(guest.name),
    attributes: {
      ...optional("uuid", guest.uuid),
      ...optional("state", guest.state),
      ...optional("reason", guest.reason),
      ...optional("autostart", guest.autostart),
      ...optional("pid", guest.pid),
      alive: guest.alive,
      sources: guest.sources,
    },
  });
  for (const [at, nic] of guest.nics.entries()) {
    const vnic = builder.addNode({
      kind: "vnic",
      name: nic.alias ?? nic.mac ?? `net${at}`,
      path: nicPath(guest, nic, at),
      keys: [`vnic:${nicKey(guest, nic, at)}`],
      attributes: nicAttributes(guest, nic),
    });
    builder.addEdge({ kind: "vnic-vm", from: vnic, to: vm });
    const tap = guest.alive && nic.tap !== undefined ? builder.byName(nic.tap) : undefined;
    if (tap) builder.addEdge({ kind: "tap-vnic", from: tap.id, to: vnic });
  }
}

function nicAttributes(guest: KnownGuest, nic: GuestNic): AttributesOf<"vnic"> {
  const { alias: _, ...values } = nic;
  return { vm: guest.name, ...present(values) };
}
