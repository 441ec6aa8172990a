import { escapeName } from "../graph/identity";
import { nodeKind } from "../graph/kinds";
import type { Json } from "../graph/model";
import { describedIn } from "../text/attributes";
import type { Incident } from "../wire/share";

/**
 * Names of interfaces that tell nobody anything: what kernel, systemd, libvirt, Proxmox and the usual handbooks call them. They stay, or a picture of br0 and
 * vnet3 would say less than it could. Any other (br-customer, dmz0) is masked.
 */
const usual =
  /^(lo|eth|en[ops]|eno|ens|enp|nic|bond|team|br|vmbr|virbr|ovsbr|vnet|tap|tun|veth|macvtap|macvlan|vlan|vxlan|uplink|port|mgmt|net|ovs-system|br-int|br-ex|br-tun|docker|fwbr|fwpr|fwln|dummy|wg|gre|sit|ip6tnl|genev_sys_|vxlan_sys_|hostdev)(\d+([a-z]{1,2}\d+)*)?([.:@-]\d+)?(-nic)?$/;

/** Which names occur, and what each becomes: "vm-3", "bridge-1"; a usual one stays. Keys are small letters; ids hold names in their escaped form as well. */
export function nameMasks(incident: Incident, order: (text: string) => string): Map<string, string> {
  const kinds = new Map<string, string>();
  const put = (name: string, kind: string) => {
    const key = name.trim().toLowerCase();
    // An address or a MAC as a name is masked as what it is.
    if (key !== "" && !/^[\da-f:.-]*[:.][\da-f:.]*$/.test(key) && !/^\d+$/.test(key) && !kinds.has(key))
      kinds.set(key, kind);
  };
  const { host, nodes } = incident.snapshot;
  put(host.name, "host");
  put(host.id, "host");
  put(incident.madeBy, "person");
  for (const node of nodes) {
    // A switch port's name is its switch and its port ("sw1 Ethernet7"): the parts are names, the whole is made of them.
    if (!nodeKind[node.kind].nameOfParts) put(node.name, node.kind);
    for (const [key, value] of Object.entries(node.attributes)) {
      const kind = describedIn(nodeKind[node.kind].attributes, key)?.names;
      if (kind !== undefined) for (const text of textsOf(value)) put(text, kind);
    }
  }
  const masks = new Map<string, string>();
  const counts = new Map<string, number>();
  // Short names of hosts are a part of long ones: "hv1" and "hv1.example.org" are told apart by length only.
  for (const [key, kind] of [...kinds].sort(([a], [b]) => (order(a) < order(b) ? -1 : 1))) {
    let mask = key;
    if (!usual.test(key)) {
      do {
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
        mask = `${kind}-${counts.get(kind)}`;
      } while (kinds.has(mask));
    }
    for (const form of [key, escapeName(key).toLowerCase(), JSON.stringify(key).slice(1, -1)]) masks.set(form, mask);
  }
  if (host.id !== host.name) masks.set(host.id.toLowerCase(), masks.get(host.name.toLowerCase()) ?? host.id);
  return masks;
}

const textsOf = (value: Json): string[] =>
  typeof value === "string" ? [value] : Array.isArray(value) ? (value as readonly Json[]).flatMap(textsOf) : [];
