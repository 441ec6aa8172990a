import { type Facts, factIfRead } from "../facts/facts";
import type { FactOf } from "../probes/registry";
import { escapeName } from "./identity";

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

export interface Guest {
  readonly name: string;
  readonly uuid?: string;
  /** Strongest identity: by UUID, else by name. */
  readonly key: string;
  /** There is a QEMU process: its interfaces are in use. */
  readonly alive: boolean;
  readonly state?: string;
  readonly reason?: string;
  readonly autostart?: boolean;
  readonly pid?: number;
  readonly sources: readonly ("libvirt" | "qemu")[];
  readonly nics: readonly GuestNic[];
}

const dead = new Set(["shut off", "crashed"]);

/**
 * All guests of a host, each once, whichever of libvirt's XML, libvirt's state and QEMU's processes told of it. Joined by UUID, then by name. libvirt's state is fresher
 * than its XML: a restarted guest has new TAP names there first.
 */
export function guestsOf(facts: Facts): readonly Guest[] {
  const known = memo.get(facts);
  if (known) return known;
  const guests = withProcesses(fromLibvirt(facts), facts);
  memo.set(facts, guests);
  return guests;
}

/** Several passes ask for the same facts. */
const memo = new WeakMap<Facts, readonly Guest[]>();

function fromLibvirt(facts: Facts): Guest[] {
  const now = new Map((factIfRead(facts, "libvirt-state") ?? []).map((domain) => [domain.uuid, domain]));
  const networks = new Map((factIfRead(facts, "libvirt-networks") ?? []).map((network) => [network.name, network]));
  const macs = tapMacs(facts);
  const guests: Guest[] = [];
  for (const domain of factIfRead(facts, "libvirt-domains") ?? []) {
    const fresh = now.get(domain.uuid);
    now.delete(domain.uuid);
    const state = fresh ? fresh.state : domain.state;
    const alive = state === undefined ? domain.id !== undefined : !dead.has(state);
    const taps = fresh?.interfaces.map((entry) => entry.name);
    guests.push({
      name: fresh?.name ?? domain.name,
      uuid: domain.uuid,
      key: `uuid:${domain.uuid}`,
      alive,
      state,
      reason: fresh ? fresh.reason : domain.reason,
      autostart: domain.autostart,
      sources: ["libvirt"],
      nics: domain.interfaces.map((nic, at) => ({
        mac: nic.mac,
        tap: alive ? tapNow(nic, at, domain.interfaces.length, taps, macs) : undefined,
        type: nic.type,
        model: nic.model,
        alias: nic.alias ?? `net${at}`,
        link: nic.link,
        mtu: nic.mtu,
        bridge: nic.source.bridge ?? networks.get(nic.source.network ?? "")?.bridge?.name,
        network: nic.source.network,
        lower: nic.type === "direct" ? nic.source.dev : undefined,
        pci: nic.source.pci,
      })),
    });
  }
  // Started since the XML was read last: what it is made of comes with the next slow sweep.
  for (const domain of now.values())
    guests.push({
      name: domain.name,
      uuid: domain.uuid,
      key: `uuid:${domain.uuid}`,
      alive: domain.state === undefined || !dead.has(domain.state),
      state: domain.state,
      reason: domain.reason,
      sources: ["libvirt"],
      nics: domain.interfaces.map((entry, at) => ({ tap: entry.name, type: "unknown", alias: `net${at}` })),
    });
  return guests;
}

interface XmlNic {
  readonly mac?: string;
  readonly target?: string;
}

/** The TAP that a guest's NIC has now: as the XML says while that is current, else by the MAC that libvirt gave it, else by its place. */
function tapNow(
  nic: XmlNic,
  at: number,
  nics: number,
  taps: readonly string[] | undefined,
  macs: ReadonlyMap<string, string>,
): string | undefined {
  if (taps === undefined || (nic.target !== undefined && taps.includes(nic.target))) return nic.target;
  const twin = nic.mac === undefined ? undefined : taps.find((tap) => macs.get(tap)?.slice(2) === nic.mac?.slice(2));
  return twin ?? (taps.length === nics ? taps[at] : undefined);
}

/** Joins QEMU's processes to the guests that libvirt told of; the rest of them are guests of their own. */
function withProcesses(guests: Guest[], facts: Facts): Guest[] {
  const macs = tapMacs(facts);
  const all = [...guests];
  for (const process of factIfRead(facts, "qemu-proc") ?? []) {
    const nics = processNics(process, macs);
    const at = all.findIndex((guest) =>
      guest.uuid !== undefined && process.uuid !== undefined
        ? guest.uuid === process.uuid
        : guest.name === process.name,
    );
    const known = all[at];
    if (known)
      all[at] = {
        ...known,
        pid: process.pid,
        sources: [...known.sources, "qemu"],
        nics: known.nics.length === 0 ? nics : known.nics.map((nic) => filled(nic, nics)),
      };
    else {
      const name = process.name ?? `qemu ${nics[0]?.tap ?? nics[0]?.mac ?? process.pid}`;
      all.push({
        name,
        uuid: process.uuid,
        key: process.uuid === undefined ? `name:${name}` : `uuid:${process.uuid}`,
        alive: true,
        state: "running",
        pid: process.pid,
        sources: ["qemu"],
        nics,
      });
    }
  }
  return all;
}

/** A NIC of libvirt's with what only the process tells: the TAP that it holds. */
function filled(nic: GuestNic, seen: readonly GuestNic[]): GuestNic {
  if (nic.tap !== undefined) return nic;
  const twin = seen.find((other) => other.mac !== undefined && other.mac === nic.mac);
  return twin?.tap === undefined ? nic : { ...nic, tap: twin.tap };
}

/** NICs of a QEMU process. The TAP: named on the command line, else by its file descriptor, else the one whose MAC libvirt derived from the guest's. */
function processNics(process: FactOf<"qemu-proc">[number], macs: ReadonlyMap<string, string>): GuestNic[] {
  let unnamed = 0;
  const held = (process.taps ?? []).map((tap) => tap.ifname);
  return process.nics.map((nic, at) => {
    // QEMU's own choice where none is given: 52:54:00:12:34:56 and on - the same in every guest that was not told better.
    const mac = nic.mac?.toLowerCase() ?? `52:54:00:12:34:${(0x56 + unnamed++).toString(16)}`;
    const isTap = nic.backend === undefined || nic.backend === "tap" || nic.backend === "bridge";
    const byMac = [...macs].find(([, address]) => address.startsWith("fe:") && address.slice(2) === mac.slice(2))?.[0];
    const only = process.nics.length === 1 && held.length === 1 ? held[0] : undefined;
    return {
      mac,
      tap: nic.ifname ?? (isTap ? (only ?? byMac) : undefined),
      type: nic.backend ?? "tap",
      model: nic.model,
      alias: nic.id ?? `net${at}`,
      bridge: nic.br,
    };
  });
}

function tapMacs(facts: Facts): ReadonlyMap<string, string> {
  return new Map((factIfRead(facts, "ip-link") ?? []).map((link) => [link.ifname, link.address ?? ""]));
}

/** What stands for a NIC in ids: its MAC, else its alias. Stable over restarts, unlike the TAP's name. */
export const nicPath = (guest: Guest, nic: GuestNic, at: number): string =>
  `${escapeName(guest.name)}/${escapeName(nic.mac ?? nic.alias ?? `net${at}`)}`;

export const nicKey = (guest: Guest, nic: GuestNic, at: number): string => `${guest.key}:${nic.mac ?? nic.alias ?? at}`;
