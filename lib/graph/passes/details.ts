import { factIfRead } from "../../facts/facts";
import { optional } from "../links";
import type { GraphBuilder, Pass } from "../pass";

/** What people want to see of an interface and checks of its neighbours want to know: addresses, driver, speed. Adds to nodes, makes none. */
export const pass: Pass = {
  id: "details",
  after: ["links", "taps", "ovs", "host", "guests"],
  needs: ["ip-link"],
  optional: ["ip-addr", "sysfs-net", "libvirt-ifaddr", "netns"],
  run(builder) {
    addGuestAddresses(builder);
    for (const netns of factIfRead(builder.facts, "netns") ?? [])
      for (const entry of netns.addresses ?? []) {
        const node = builder.byIfindex(entry.ifindex, netns.name);
        const addresses = entry.addr_info.map((address) => `${address.local}/${address.prefixlen}`);
        if (node && addresses.length > 0) builder.annotate(node.id, { addresses });
      }
    const all: string[] = [];
    for (const entry of factIfRead(builder.facts, "ip-addr") ?? []) {
      const node = builder.byIfindex(entry.ifindex);
      const addresses = entry.addr_info.map((address) => `${address.local}/${address.prefixlen}`);
      if (node && addresses.length > 0) builder.annotate(node.id, { addresses });
      for (const address of entry.addr_info)
        if (address.scope === "global") all.push(`${address.local}/${address.prefixlen}`);
    }
    const host = builder.ofKind("host")[0];
    if (host && all.length > 0) builder.annotate(host.id, { addresses: all });
    for (const entry of factIfRead(builder.facts, "sysfs-net") ?? []) {
      const node = builder.byIfindex(entry.ifindex);
      if (!node) continue;
      builder.annotate(node.id, {
        ...optional("driver", entry.driver),
        ...optional("slot", entry.slot),
        // The kernel says -1 where it does not know.
        ...(entry.speed !== undefined && entry.speed > 0 ? { speed: entry.speed } : {}),
        ...(entry.duplex === undefined || entry.duplex === "unknown" ? {} : { duplex: entry.duplex }),
        ...(entry.wireless ? { wireless: true } : {}),
      });
    }
  },
};

/** Addresses of guests as leases, ARP and their agents tell them, at the NIC that has the MAC. */
function addGuestAddresses(builder: GraphBuilder): void {
  const told = factIfRead(builder.facts, "libvirt-ifaddr")?.addresses;
  if (!told) return;
  for (const vnic of builder.ofKind("vnic")) {
    const own = told.filter((entry) => entry.mac !== undefined && entry.mac === vnic.attributes.mac);
    const addresses = [...new Set(own.map((entry) => entry.address))].sort();
    if (addresses.length > 0) builder.annotate(vnic.id, { addresses });
  }
}
