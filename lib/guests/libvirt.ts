import { type Facts, factIfRead } from "../facts/facts";
import { defineGuestSource, type Guest } from "./define";
import { tapMacs } from "./macs";

/** Domains of libvirt. Its state is fresher than its XML: a restarted guest has new TAP names there first. */
export const source = defineGuestSource({
  rank: 1,
  reads: ["libvirt-domains", "libvirt-state", "libvirt-networks", "ip-link"],
  doubtWithout: ["libvirt-domains"],
  guests: fromLibvirt,
});

const dead = new Set(["shut off", "crashed"]);

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
