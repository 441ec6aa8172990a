/**
 * Bases: saved states of the virtual hypervisor. Each is a script that runs as root in the machine, on top of
 * a fresh boot or of another base, and is then saved under a name that carries the hash of all that made it.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type AnyGuest, labDir } from "./config";
import { deviceArgv } from "./devices";
import { run } from "./run";

export interface Base {
  readonly name: BaseName;
  /** What one meets there, for `lab status` and for whoever writes a case. */
  readonly about: string;
  /** The base whose saved state this one starts from; a fresh boot if none. */
  readonly from?: BaseName;
  /** Longest time the script may take. */
  readonly timeoutMs: number;
  /** The guests' addresses. All of them must answer before the state counts as good. */
  readonly guests: Readonly<Partial<Record<AnyGuest, string>>>;
  /** From where they can be pinged: guests behind NAT only from their own host. */
  readonly pingFrom: "switch" | "hypervisor";
  /** Tagged VLANs are on the wire: the switch announces them by LLDP and their gateways run. */
  readonly vlans: boolean;
  /** Shell for the hypervisor after each restore, for what does not survive the jump of the clock. */
  readonly afterRestore?: string;
}

const list = {
  bond: {
    about:
      "bond0 (active-backup of nic0, nic1) under br0 with the host's address; libvirt guests web-01, web-02 on br0",
    timeoutMs: 180_000,
    guests: { "web-01": "10.20.0.11", "web-02": "10.20.0.12" },
    pingFrom: "switch",
    vlans: false,
  },
  vlan: {
    about: "br0 filters VLANs: web-01 in 10, web-02 in 20, host untagged; bond0.30 carries the host's storage address",
    from: "bond",
    timeoutMs: 120_000,
    guests: { "web-01": "10.20.110.11", "web-02": "10.20.120.12" },
    pingFrom: "switch",
    vlans: true,
  },
  ovs: {
    about:
      "Open vSwitch ovsbr0 with its own bond of nic0, nic1; web-01 tagged 10, web-02 tagged 20; host's address on ovsbr0",
    from: "bond",
    timeoutMs: 180_000,
    guests: { "web-01": "10.20.110.11", "web-02": "10.20.120.12" },
    pingFrom: "switch",
    vlans: true,
  },
  nat: {
    about:
      "web-01, web-02 on libvirt's NAT network default (virbr0), addresses by DHCP; bond0 and br0 as in bond, without guests",
    from: "bond",
    timeoutMs: 180_000,
    guests: { "web-01": "192.168.122.11", "web-02": "192.168.122.12" },
    pingFrom: "hypervisor",
    vlans: false,
    afterRestore: "lab-renew web-01 web-02",
  },
  plain: {
    about: "no libvirt: two plain QEMU processes whose ifup script puts their TAPs on br0; bond0 and br0 as in bond",
    from: "bond",
    timeoutMs: 180_000,
    guests: { "web-01": "10.20.0.11", "web-02": "10.20.0.12" },
    pingFrom: "switch",
    vlans: false,
  },
  docker: {
    about:
      "as bond, and Docker installed and idle: docker0 without carrier, its chains in iptables, FORWARD policy DROP",
    from: "bond",
    timeoutMs: 300_000,
    guests: { "web-01": "10.20.0.11", "web-02": "10.20.0.12" },
    pingFrom: "switch",
    vlans: false,
  },
  second: {
    about: "the second hypervisor of two: kvm-02, 10.20.0.20, bond0 under br0, one guest web-03; see two.ts",
    from: "bond",
    timeoutMs: 180_000,
    guests: { "web-03": "10.20.0.13" },
    pingFrom: "switch",
    vlans: false,
    // systemd makes a bridge's MAC from its name and the machine's id, so that both would have the same.
    afterRestore: "ip link set br0 address 52:54:00:4c:00:20",
  },
} as const satisfies Record<string, Omit<Base, "name" | "from"> & { readonly from?: string }>;

export type BaseName = keyof typeof list;

/** Those that stand for one kind of hypervisor; `second` is the first one again, under another name. */
export const baseNames = (Object.keys(list) as BaseName[]).filter((name) => name !== "second");

export const isBaseName = (name: string): name is BaseName => Object.hasOwn(list, name);

export const baseOf = (name: BaseName): Base => ({ name, ...list[name] });

export const scriptOf = (base: Base): string => readFileSync(join(labDir, "bases", `${base.name}.sh`), "utf8");

let version: Promise<string> | undefined;

/** Name of the saved state: a changed script, parent, device list or QEMU makes another name. */
export async function snapshotName(base: Base): Promise<string> {
  version ??= run(["qemu-system-x86_64", "--version"]);
  const hash = createHash("sha256");
  hash
    .update(await version)
    .update(deviceArgv().join("\0"))
    .update(scriptOf(base));
  if (base.from) hash.update(await snapshotName(baseOf(base.from)));
  return `${base.name}-${hash.digest("hex").slice(0, 8)}`;
}
