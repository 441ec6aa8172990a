/**
 * Bases: saved states of the virtual hypervisor. Each is a script that runs as root in the machine, on top of
 * a fresh boot or of another base, and is then saved under a name that carries the hash of all that made it.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type GuestName, labDir } from "./config";
import { deviceArgv } from "./machine";
import { run } from "./run";

export interface Base {
  readonly name: string;
  /** What one meets there, for `lab status` and for whoever writes a case. */
  readonly about: string;
  /** The base whose saved state this one starts from; a fresh boot if none. */
  readonly from?: BaseName;
  /** Longest time the script may take. */
  readonly timeoutMs: number;
  /** Guests that must answer ping from the switch before the state counts as good. */
  readonly guests: readonly GuestName[];
}

const define = <T extends string>(base: Base & { readonly name: T }): Base & { readonly name: T } => base;

export const bases = {
  bond: define({
    name: "bond",
    about:
      "bond0 (active-backup of nic0, nic1) under br0 with the host's address; libvirt guests web-01, web-02 on br0",
    timeoutMs: 180_000,
    guests: ["web-01", "web-02"],
  }),
} as const satisfies Record<string, Base>;

export type BaseName = "bond";

export const isBaseName = (name: string): name is BaseName => Object.hasOwn(bases, name);

export const baseOf = (name: BaseName): Base => bases[name];

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
