import type { FactOf } from "../../probes/registry";
import { filled, type Wording } from "../../wording";
import type { CheckView } from "../define";
import { portsOfBridge } from "../layer2";

type Domain = FactOf<"libvirt-domains">[number];
type DomainNic = Domain["interfaces"][number];
/** As `ip -d -j link` prints it in vfinfo_list. */
type Vf = Readonly<Record<string, unknown>>;
/** What vf-misconfigured may look at. */
export type FunctionView = CheckView<"ip-link" | "libvirt-domains" | "pci-net" | "net-config">;

/** Who is served by a virtual function, and what of its setting is against it. */
export interface Served {
  readonly whom: string;
  readonly vm: string;
  readonly wrong?: { readonly what: Wording; readonly dead: boolean };
  readonly alsoOn?: readonly string[];
}

const nobody = "00:00:00:00:00:00";
/** Lower case; all zeros where nobody set one. */
export const macOfVf = (vf: Vf): string => String(vf.address ?? vf.mac ?? nobody).toLowerCase();

/** The VLAN that the card tags and strips for it. iproute2 before 4.11 printed it plainly, later ones as a list. */
export function vlanOf(vf: Vf): number | undefined {
  if (typeof vf.vlan === "number" && vf.vlan > 0) return vf.vlan;
  const [first] = Array.isArray(vf.vlan_list) ? (vf.vlan_list as readonly unknown[]) : [];
  const vlan = typeof first === "object" && first !== null ? (first as { readonly vlan?: unknown }).vlan : undefined;
  return typeof vlan === "number" && vlan > 0 ? vlan : undefined;
}

/** libvirt's guests that run now: its state is fresher than the XML. */
export function runningDomains(view: FunctionView): readonly Domain[] {
  return (view.factOrAbsent("libvirt-domains") ?? []).filter((domain) => {
    const fresh = view.factIfRead("libvirt-state")?.find((one) => one.uuid === domain.uuid);
    return (fresh ? fresh.state : domain.state) === "running";
  });
}

/**
 * The virtual functions' own places on PCI, by their number: the kernel counts them up from the first. Empty where that cannot be said: PCI not read, a card with several interfaces, functions
 * that are not all there.
 */
export function cardsOfVfs(physical: string, count: number, view: FunctionView): FactOf<"pci-net"> {
  const all = view.factIfRead("pci-net") ?? [];
  const own = all.find((card) => card.interfaces.length === 1 && card.interfaces[0] === physical);
  const vfs = all.filter((card) => own !== undefined && card.physfn === own.slot);
  return vfs.length === count ? vfs.sort((one, other) => (one.slot < other.slot ? -1 : 1)) : [];
}

/** The running guest that has it: by slot, else by the MAC. */
export function guestOf(vf: Vf, slot: string | undefined, running: readonly Domain[]): Served | undefined {
  const nics = running.flatMap((domain) => domain.interfaces.map((nic) => ({ vm: domain.name, nic })));
  const guest =
    nics.find(({ nic }) => slot !== undefined && nic.source.pci === slot) ??
    nics.find(
      ({ nic }) =>
        nic.mac === macOfVf(vf) && ["hostdev", "network", "direct"].includes(nic.type) && vf.vf !== undefined,
    );
  if (!guest) return undefined;
  return { whom: `${guest.vm} (${guest.nic.mac ?? "-"})`, vm: guest.vm, wrong: wrongOf(vf, guest.nic) };
}

const heldDown: Wording = { en: "its link state is set to disable", zh: "其链路状态被设为 disable" };

function wrongOf(vf: Vf, nic: DomainNic): Served["wrong"] {
  if (vf.link_state === "disable") return { what: heldDown, dead: true };
  const mac = macOfVf(vf);
  // All zeros: nobody set one, the guest's driver chooses, and the card checks for what it chose.
  if (vf.spoofchk === true && mac !== nobody && nic.mac !== undefined && nic.mac.toLowerCase() !== mac)
    return {
      what: filled(
        {
          en: "its spoof check lets only {mac} out, and the definition says {own}",
          zh: "其欺骗检查只放行 {mac}，而虚拟机定义为 {own}",
        },
        { mac, own: nic.mac },
      ),
      dead: true,
    };
  const wanted = nic.vlan?.trunk === false ? nic.vlan.tags[0]?.id : undefined;
  const actual = vlanOf(vf);
  if (wanted !== undefined && wanted !== actual)
    return {
      what: filled(
        { en: "VLAN {actual} where the definition says {wanted}", zh: "VLAN 为 {actual}，而虚拟机定义为 {wanted}" },
        { actual: actual ?? { en: "none", zh: "无" }, wanted },
      ),
      dead: false,
    };
  return undefined;
}

/** Guests that leave by the interface that the function makes on this host: over a bridge, or by macvtap (in passthrough mode the function takes the guest's MAC). */
export function bridgedOver(name: string | undefined, vf: Vf, view: FunctionView): Served | undefined {
  const own = view.graph.ofKind("nic").find((nic) => nic.name === name && nic.attributes.netns === undefined);
  if (!own) return undefined;
  const above = view.graph.towardsGuest(own.id).filter((edge) => edge.present);
  const bridges = above.flatMap((edge) => (edge.kind === "uplink" ? [edge.to] : []));
  const taps = [
    ...bridges.flatMap((bridge) => portsOfBridge(view.graph, bridge).others),
    ...above.flatMap((edge) => (edge.kind === "macvtap" ? (view.graph.node(edge.to) ?? []) : [])),
  ];
  const vnics = taps.flatMap((tap) =>
    view.graph
      .towardsGuest(tap.id)
      .flatMap((edge) => (edge.kind === "tap-vnic" ? (view.graph.node(edge.to) ?? []) : []))
      .map((vnic) => ({ vnic, own: tap.attributes.mode === "passthru" })),
  );
  if (vnics.length === 0) return undefined;
  // All zeros: nobody set one, and the card checks for what the interface has chosen.
  const mac = macOfVf(vf) === nobody ? String(own.attributes.mac) : macOfVf(vf);
  const dropped = vnics.filter((one) => !one.own && String(one.vnic.attributes.mac) !== mac);
  const names = (some: typeof vnics) => [...new Set(some.map(({ vnic }) => String(vnic.attributes.vm)))].join(", ");
  if (vf.link_state === "disable")
    return { whom: names(vnics), vm: names(vnics), wrong: { what: heldDown, dead: true } };
  if (vf.spoofchk !== true || dropped.length === 0) return { whom: names(vnics), vm: names(vnics) };
  return {
    whom: names(dropped),
    vm: names(dropped),
    wrong: {
      what: filled(
        {
          en: "its spoof check lets only {mac} out, and they leave by {nic}",
          zh: "其欺骗检查只放行 {mac}，而它们经 {nic} 发出",
        },
        { mac, nic: own.name },
      ),
      dead: true,
    },
    alsoOn: dropped.map(({ vnic }) => vnic.id),
  };
}
