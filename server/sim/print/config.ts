import type { SimState } from "../model";
import type { Parts } from "./libvirt";

/**
 * Lines of /etc/network/interfaces for a host as it is built. They are made once: a file does not change when somebody renames an interface by hand.
 * Bridges of libvirt's own networks are not in it.
 */
export function interfacesFile(state: SimState): string[] {
  const lines = ["auto lo", "iface lo inet loopback"];
  const links = [...state.links.values()];
  for (const link of links) {
    if (!["nic", "bond", "vlan", "bridge"].includes(link.kind) || link.name === "virbr0") continue;
    const members = links.filter((other) => other.master === link.ifindex && other.kind !== "tap");
    const names = members.map((member) => member.name).join(" ");
    const net = state.nets.find((entry) => entry.bridge === link.name);
    lines.push(`auto ${link.name}`, `iface ${link.name} inet ${net?.address === undefined ? "manual" : "static"}`);
    if (net?.address !== undefined) lines.push(`    address ${net.address}/${net.prefix}`);
    if (net?.gateway !== undefined) lines.push(`    gateway ${net.gateway.ip}`);
    if (link.kind === "bond")
      lines.push(
        `    bond-slaves ${names}`,
        "    bond-mode active-backup",
        "    bond-miimon 100",
        `    bond-primary ${members[0]?.name ?? "none"}`,
      );
    if (link.kind === "bridge") lines.push(`    bridge_ports ${names}`, "    bridge_stp off", "    bridge_fd 0");
  }
  return lines;
}

/** Part of the probe net-config: `grep -H` over the one file that this host has. */
export function netConfig(state: SimState): Parts {
  return [["files", state.interfaces.map((line) => `/etc/network/interfaces:${line}`).join("\n")]];
}

/** Parts of the probe managers: ifupdown has brought up what its file says; there is no other manager. */
export function managers(state: SimState): Parts {
  const up = state.interfaces.flatMap((line) => (line.startsWith("auto ") ? [line.slice("auto ".length)] : []));
  return [
    ["nm", "", 127],
    ["networkd", "", 127],
    ["ifupdown", up.map((name) => `${name}=${name}`).join("\n")],
  ];
}
