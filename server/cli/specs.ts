import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Hop, HostSpec, Login, Sudo } from "@/lib/wire/rest";
import { tellsNothing } from "../collector/ssh/target";
import type { InventoryEntry } from "./inventory";
import type { Resolve, Resolved } from "./ssh-config";
import { idFor, type Target, UsageError, untilde } from "./targets";

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

/** A host to look at: what to call it, its spec once for each way of logging in that is worth trying (best first), and what ssh_config adds. */
export interface Wanted {
  readonly name: string;
  readonly specs: readonly [HostSpec, ...HostSpec[]];
  readonly knownHostsFiles: readonly string[];
  /** What stands in ssh_config and is not followed. */
  readonly notes: readonly string[];
}

const keyNames = ["id_ed25519", "id_ecdsa", "id_rsa"];

/** Ways of logging in, as OpenSSH would try them: what was named, else the keys of ssh_config, the agent, the usual key files. */
function logins(options: LoginOptions, resolved: Resolved, named: string | undefined): Login[] {
  if (options.password !== undefined) return [{ kind: "password", password: options.password }];
  const file = (path: string): Login => ({
    kind: "key-file",
    path: untilde(path),
    ...(options.passphrase === undefined ? {} : { passphrase: options.passphrase }),
  });
  const identity = named ?? options.identity;
  if (identity !== undefined) return [file(identity)];
  const files = [...resolved.identityFiles, ...usualKeys()].filter(
    (path, at, list) => existsSync(path) && list.indexOf(path) === at,
  );
  const own = files.filter((path) => resolved.identityFiles.includes(path));
  const rest = files.filter((path) => !own.includes(path));
  return [...own.map(file), ...(hasAgent() ? [{ kind: "agent" } as const] : []), ...rest.map(file)];
}

/** Hops that were named, each led to where ssh_config says; the first one may have hops of its own, as with ssh -J. */
function resolveHops(hops: readonly Target[], options: LoginOptions, resolve: Resolve): Resolved[] {
  return hops.flatMap((hop, at) => {
    const found = resolve({ ...hop, ...userOf(hop, options) });
    return at === 0 ? [...found.jump, found] : [found];
  });
}

const userOf = (target: Target, options: LoginOptions) => {
  const user = target.user ?? options.user;
  return user === undefined ? {} : { user };
};

/**
 * A hop with a key of its own in ssh_config is entered by it; any other by the agent or key file that the host is entered by, or where that is a secret
 * (a password, a key behind a passphrase) by the agent or the first usual key. What was typed for the host is never given to a hop: its owner would have
 * the host as well.
 * @throws UsageError that names the hop, where nothing of that is there.
 */
function hopOf({ address, port, user, identityFiles }: Resolved, login: Login): Hop {
  const own = identityFiles.find((path) => existsSync(path));
  if (own !== undefined) return { address, port, user, login: { kind: "key-file", path: own } };
  if (tellsNothing(login)) return { address, port, user, login };
  if (hasAgent()) return { address, port, user, login: { kind: "agent" } };
  const path = usualKeys().find((file) => existsSync(file));
  if (path === undefined)
    throw new UsageError(
      `the jump host ${address} needs a login of its own: an IdentityFile in ssh_config, an agent or a key in ~/.ssh. ` +
        "What was typed for the host behind it is not given to it",
    );
  return { address, port, user, login: { kind: "key-file", path } };
}

const hasAgent = () => process.env.SSH_AUTH_SOCK !== undefined && process.env.SSH_AUTH_SOCK !== "";
const usualKeys = () => keyNames.map((name) => join(homedir(), ".ssh", name));

/**
 * Makes the specs of all hosts: what stands at the host itself goes before the options, these before ssh_config, that before the defaults. Throws
 * UsageError where no way of logging in is left.
 */
export function specsOf(entries: readonly InventoryEntry[], options: LoginOptions, resolve: Resolve): Wanted[] {
  const ids = idsOf(entries);
  return entries.map((entry, at) => {
    const { target, given } = entry;
    const port = target.port ?? options.port;
    const resolved = resolve({
      host: target.host,
      ...userOf(target, options),
      ...(port === undefined ? {} : { port }),
    });
    const ways = given?.login === undefined ? logins(options, resolved, entry.identity) : [given.login];
    const named = entry.jump ?? options.jump;
    const hops = named === undefined ? resolved.jump : resolveHops(named, options, resolve);
    const [first, ...rest] = ways.map(
      (login): HostSpec => ({
        id: ids[at] ?? idFor(target.host),
        address: resolved.address,
        port: resolved.port,
        user: resolved.user,
        login,
        sudo: sudoOf(options, given?.sudo),
        jump: given?.jump ?? hops.map((hop) => hopOf(hop, login)),
      }),
    );
    if (first === undefined)
      throw new UsageError(
        `${entry.from}: no way of logging in to ${target.host}: no --identity, no --ask-password, no agent, no key in ~/.ssh`,
      );
    return {
      // Two hosts of one name are told apart by their ids.
      name: entry.name ?? (ids[at] === idFor(target.host) ? target.host : (ids[at] ?? target.host)),
      specs: [first, ...rest],
      knownHostsFiles: [resolved, ...hops].flatMap((hop) => hop.knownHostsFiles),
      notes: resolved.notes,
    };
  });
}

function sudoOf(options: LoginOptions, given: Sudo | undefined): Sudo {
  if (options.sudoPassword !== undefined) return { kind: "password", password: options.sudoPassword };
  return given ?? (options.noSudo ? { kind: "none" } : { kind: "auto" });
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
