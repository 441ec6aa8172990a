import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Hop, HostSpec, Login, Sudo } from "@/lib/wire/rest";
import type { InventoryEntry } from "./inventory";
import { idFor, type Target, UsageError } from "./targets";

/** What the options of a command say about logging in. */
export interface LoginOptions {
  readonly user?: string;
  readonly port?: number;
  readonly identity?: string;
  readonly passphrase?: string;
  readonly password?: string;
  readonly sudoPassword?: string;
  readonly noSudo?: boolean;
  readonly jump?: readonly Target[];
}

/** What ssh_config says of one host as it was typed. */
export interface Alias {
  readonly address: string;
  readonly user?: string;
  readonly port?: number;
  readonly identityFiles: readonly string[];
  readonly jump: readonly Target[];
}

/** Looks a host up in ssh_config. */
export type Resolve = (host: string) => Alias;

/** A host to scan: what to call it, and its spec once for each way of logging in that is worth trying, best first. */
export interface Wanted {
  readonly name: string;
  readonly specs: readonly [HostSpec, ...HostSpec[]];
}

const keyNames = ["id_ed25519", "id_ecdsa", "id_rsa", "id_ed25519_sk", "id_ecdsa_sk"];

/** Ways of logging in, as OpenSSH would try them: what was named, else the keys of ssh_config, the agent, the usual key files. */
function logins(options: LoginOptions, alias: Alias, named: string | undefined): Login[] {
  if (options.password !== undefined) return [{ kind: "password", password: options.password }];
  const file = (path: string): Login => ({
    kind: "key-file",
    path: untilde(path),
    ...(options.passphrase === undefined ? {} : { passphrase: options.passphrase }),
  });
  const identity = named ?? options.identity;
  if (identity !== undefined) return [file(identity)];
  const found: Login[] = alias.identityFiles.map(untilde).filter(existsSync).map(file);
  if (process.env.SSH_AUTH_SOCK !== undefined && process.env.SSH_AUTH_SOCK !== "") found.push({ kind: "agent" });
  for (const name of keyNames) {
    const path = join(homedir(), ".ssh", name);
    if (existsSync(path) && !alias.identityFiles.map(untilde).includes(path)) found.push(file(path));
  }
  return found;
}

export function untilde(path: string): string {
  return path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : path;
}

function hopOf(target: Target, login: Login, user: string, resolve: Resolve): Hop {
  const alias = resolve(target.host);
  return {
    address: alias.address,
    port: target.port ?? alias.port ?? 22,
    user: target.user ?? alias.user ?? user,
    login,
  };
}

/**
 * Makes the specs of all hosts: what stands at the host itself goes before the options, these before ssh_config, that before the defaults. Throws
 * UsageError where no way of logging in is left.
 */
export function specsOf(
  entries: readonly InventoryEntry[],
  options: LoginOptions,
  resolve: Resolve,
  localUser: string,
): Wanted[] {
  const ids = idsOf(entries);
  return entries.map((entry, at) => {
    const alias = resolve(entry.target.host);
    const user = entry.target.user ?? options.user ?? alias.user ?? localUser;
    const ways = entry.given?.login === undefined ? logins(options, alias, entry.identity) : [entry.given.login];
    if (ways.length === 0)
      throw new UsageError(
        `${entry.from}: no way of logging in to ${entry.target.host}: no --identity, no --ask-password, no agent, no key in ~/.ssh`,
      );
    const sudo: Sudo =
      options.sudoPassword !== undefined
        ? { kind: "password", password: options.sudoPassword }
        : (entry.given?.sudo ?? (options.noSudo ? { kind: "none" } : { kind: "auto" }));
    const hops = entry.jump ?? options.jump ?? alias.jump;
    const [first, ...rest] = ways.map(
      (login): HostSpec => ({
        id: ids[at] ?? idFor(entry.target.host),
        address: alias.address,
        port: entry.target.port ?? options.port ?? alias.port ?? 22,
        user,
        login,
        sudo,
        jump: entry.given?.jump ?? hops.map((hop) => hopOf(hop, login, user, resolve)),
      }),
    );
    if (first === undefined) throw new UsageError(`${entry.from}: no way of logging in`);
    return { name: entry.name ?? entry.target.host, specs: [first, ...rest] };
  });
}

/** Ids, unique: from the name, else from what was typed; where two hosts share it, each gets its port, then a number. */
function idsOf(entries: readonly InventoryEntry[]): string[] {
  const base = entries.map((entry) => entry.name ?? idFor(entry.target.host));
  const taken = new Set<string>();
  return base.map((id, at) => {
    const shared = base.filter((other) => other === id).length > 1;
    const port = entries[at]?.target.port;
    const wanted = shared && entries[at]?.name === undefined && port !== undefined ? `${id.slice(0, 57)}-${port}` : id;
    let unique = wanted;
    for (let number = 2; taken.has(unique); number += 1) unique = `${wanted.slice(0, 59)}-${number}`;
    taken.add(unique);
    return unique;
  });
}
