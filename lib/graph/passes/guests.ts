import { type Guest, type GuestNic, guestsOf, nicKey, nicPath } from "../guests";
import { escapeName } from "../identity";
import { optional } from "../links";
import type { Json } from "../model";
import type { GraphBuilder, Pass } from "../pass";

/** Guests, their virtual NICs, and what on the host each of those ends in. A guest that is off is there, without a TAP. */
export const pass: Pass = {
  id: "guests",
  after: ["taps", "links"],
  needs: [],
  doubtWithout: ["libvirt-domains"],
  optional: ["libvirt-domains", "libvirt-state", "libvirt-networks", "qemu-proc", "ip-link"],
  run(builder) {
    for (const guest of guestsOf(builder.facts)) addGuest(builder, guest);
  },
};

function addGuest(builder: GraphBuilder, guest: Guest): void {
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

function nicAttributes(guest: Guest, nic: GuestNic): Record<string, Json> {
  const attributes: Record<string, Json> = { vm: guest.name, type: nic.type };
  for (const key of ["mac", "tap", "model", "link", "mtu", "bridge", "network", "lower", "pci"] as const) {
    const value = nic[key];
    if (value !== undefined) attributes[key] = value;
  }
  return attributes;
}
