import type { Facts } from "../facts/facts";
import type { ProbeId } from "../probes/registry";

/** One network interface of a guest, whoever told of it. */
export interface GuestNic {
  /** Lower case; undefined where nobody told. */
  readonly mac?: string;
  /** Name of the TAP or macvtap on the host. */
  readonly tap?: string;
  /** libvirt's type: bridge, network, direct, user, hostdev...; "tap" from QEMU's arguments. */
  readonly type: string;
  readonly model?: string;
  readonly alias?: string;
  /** The virtual cable. */
  readonly link?: "up" | "down";
  readonly mtu?: number;
  /** Bridge that the configuration wants the TAP on. */
  readonly bridge?: string;
  readonly network?: string;
  /** Lower device of a direct interface. */
  readonly lower?: string;
  readonly pci?: string;
}

/** A guest as one source tells of it. */
export interface Guest {
  readonly name: string;
  /** The name is made up here, for want of any: no other source knows the guest by it. */
  readonly nameless?: true;
  readonly uuid?: string;
  /** Strongest identity: by UUID, else by name. */
  readonly key: string;
  /** It runs: its interfaces are in use. */
  readonly alive: boolean;
  readonly state?: string;
  readonly reason?: string;
  readonly autostart?: boolean;
  readonly pid?: number;
  readonly nics: readonly GuestNic[];
}

/**
 * One way in which guests of a host are found. Each file in this folder exports exactly one, as `source`; its name is what the guest's attribute `sources`
 * says. What several sources tell of one guest is joined by lib/graph/guests.ts.
 */
export interface GuestSource {
  /** Who is believed first: what a source of a smaller rank says stands, and one of a greater rank fills what is missing. */
  readonly rank: number;
  /** Probes that it reads, by `factIfRead`. */
  readonly reads: readonly ProbeId[];
  /** Those of them without which guests that are known from before are in doubt. */
  readonly doubtWithout?: readonly ProbeId[];
  guests(facts: Facts): readonly Guest[];
}

export const defineGuestSource = (source: GuestSource): GuestSource => source;
