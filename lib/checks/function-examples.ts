import type { FactOf } from "../probes/registry";
import { addLinks, bondHost, edit, enslaved, factsOf, link, macOf, nic as nicLink, setLink } from "./testing";

/** Hosts with virtual functions and handed-over cards, for the examples of vf-misconfigured. */

type Vf = Readonly<Record<string, unknown>>;
type Card = FactOf<"pci-net">[number];

export const ownMac = "52:54:00:4c:00:77";

/** A guest on the only virtual function of mgmt0. */
export function withVf(vf: Readonly<Record<string, unknown>>, vlan?: number) {
  const facts = edit(bondHost(), "libvirt-domains", ([first, ...rest]) =>
    first
      ? [
          {
            ...first,
            interfaces: first.interfaces.map((nic) => ({
              ...nic,
              type: "hostdev",
              source: { pci: "0000:03:10.1" },
              target: undefined,
              vlan: vlan === undefined ? undefined : { trunk: false, tags: [{ id: vlan }] },
            })),
          },
          ...rest,
        ]
      : undefined,
  );
  return setLink(facts, "mgmt0", {
    vfinfo_list: [
      { vf: 0, link_type: "ether", address: macOf(1), spoofchk: true, link_state: "auto", trust: false, ...vf },
    ],
  });
}

/** PCI as it is with one virtual function below mgmt0: the function's own interface, where it has one. */
function cardsOf(vf: Partial<Card>): Card[] {
  const card = { class: "0x020000", vendor: "0x8086", interfaces: [] };
  return [
    { ...card, slot: "0000:03:00.0", driver: "igb", interfaces: ["mgmt0"], vfs: 1, vfsPossible: 7 },
    { ...card, slot: "0000:03:10.1", driver: "vfio-pci", physfn: "0000:03:00.0", ...vf },
  ];
}

/** The same, with its place on PCI. */
export function bySlot(facts: ReturnType<typeof withVf>) {
  return { ...facts, ...factsOf({ "pci-net": cardsOf({}) }) };
}

/** The function's own interface, enp3s16f1, in the place of bond0 below br0. */
export function bridgedHost(vf: Vf) {
  const facts = addLinks(
    setLink(setLink(bondHost(), "bond0", { master: undefined }), "mgmt0", {
      vfinfo_list: [{ vf: 0, link_type: "ether", address: ownMac, spoofchk: true, link_state: "auto", ...vf }],
    }),
    enslaved(nicLink(50, "enp3s16f1", { address: ownMac }), "br0"),
  );
  return { ...facts, ...factsOf({ "pci-net": cardsOf({ driver: "igbvf", interfaces: ["enp3s16f1"] }) }) };
}

/** web-01 by macvtap on the function's own interface. */
export function macvtapHost(mode: string) {
  const direct = edit(bridgedHost({}), "libvirt-domains", (domains) =>
    domains.map((domain, at) => ({
      ...domain,
      interfaces: domain.interfaces.map((nic) =>
        at === 0 ? { ...nic, type: "direct", source: { dev: "enp3s16f1", mode }, target: "macvtap0" } : nic,
      ),
    })),
  );
  const facts = edit(direct, "libvirt-state", ([first, ...rest]) =>
    first ? [{ ...first, interfaces: [{ name: "macvtap0" }] }, ...rest] : undefined,
  );
  return addLinks(
    setLink(facts, "enp3s16f1", { master: undefined }),
    link(51, "macvtap0", {
      address: macOf(1),
      link: "enp3s16f1",
      linkinfo: { info_kind: "macvtap", info_data: { mode } },
    }),
  );
}

/** A card beside the others, on vfio-pci, and ifupdown's file. */
export function handed(lines: readonly string[], driver = "vfio-pci") {
  const card: Card = { slot: "0000:03:00.1", class: "0x020000", vendor: "0x8086", interfaces: [], driver };
  return {
    ...bondHost(),
    ...factsOf({
      "pci-net": [card],
      "net-config": [{ path: "/etc/network/interfaces", kind: "ifupdown", lines: [...lines] }],
    }),
  };
}
