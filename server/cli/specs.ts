import type { Hop, HostSpec, Login, Sudo } from "@/lib/wire/rest";
import { hopLogin, TargetError, usualLogins } from "../collector/ssh/target";
import type { InventoryEntry } from "./inventory";
import type { Resolve, Resolved } from "./ssh-config";
import { type Target, typedId, UsageError, untilde } from "./targets";

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

/** Ways of logging in that are worth trying, best first: what was named, else the usual ones. */
async function logins(options: LoginOptions, resolved: Resolved, named: string | undefined): Promise<Login[]> {
  const { password, passphrase } = options;
  if (password !== undefined) return [{ kind: "password", password }];
  const identity = named ?? options.identity;
  if (identity === undefined) return usualLogins(resolved, passphrase);
  return [{ kind: "key-file", path: untilde(identity), ...(passphrase === undefined ? {} : { passphrase }) }];
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

/** A hop as hopLogin enters it. Throws UsageError that names it, where nothing does. */
async function hopOf(hop: Resolved, login: Login): Promise<Hop> {
  const { address, port, user } = hop;
  try {
    return { address, port, user, login: await hopLogin(hop, login) };
  } catch (error) {
    if (error instanceof TargetError) throw new UsageError(error.message);
    throw error;
  }
}

/**
 * Makes the specs of all hosts: what stands at the host itself goes before the options, these before ssh_config, that before the defaults. Throws
 * UsageError where no way of logging in is left.
 */
export async function specsOf(
  entries: readonly InventoryEntry[],
  options: LoginOptions,
  resolve: Resolve,
): Promise<Wanted[]> {
  const ids = idsOf(entries);
  const wanted: Wanted[] = [];
  for (const [at, entry] of entries.entries())
    wanted.push(await wantedOf(entry, ids[at] ?? typedId(entry.target.host), options, resolve));
  return wanted;
}

async function wantedOf(entry: InventoryEntry, id: string, options: LoginOptions, resolve: Resolve): Promise<Wanted> {
  const { target, given } = entry;
  const port = target.port ?? options.port;
  const resolved = resolve({
    host: target.host,
    ...userOf(target, options),
    ...(port === undefined ? {} : { port }),
  });
  const ways = given?.login === undefined ? await logins(options, resolved, entry.identity) : [given.login];
  const named = entry.jump ?? options.jump;
  const hops = named === undefined ? resolved.jump : resolveHops(named, options, resolve);
  const specs: HostSpec[] = [];
  for (const login of ways) {
    const jump: Hop[] = [];
    if (given?.jump === undefined) for (const hop of hops) jump.push(await hopOf(hop, login));
    specs.push({
      id,
      address: resolved.address,
      port: resolved.port,
      user: resolved.user,
      login,
      sudo: sudoOf(options, given?.sudo),
      jump: given?.jump ?? jump,
    });
  }
  const [first, ...rest] = specs;
  if (first === undefined)
    throw new UsageError(
      `${entry.from}: no way of logging in to ${target.host}: no --identity, no --ask-password, no agent, no key in ~/.ssh`,
    );
  return {
    // Two hosts of one name are told apart by their ids.
    name: entry.name ?? (id === typedId(target.host) ? target.host : id),
    specs: [first, ...rest],
    knownHostsFiles: [resolved, ...hops].flatMap((hop) => hop.knownHostsFiles),
    notes: resolved.notes,
  };
}

function sudoOf(options: LoginOptions, given: Sudo | undefined): Sudo {
  if (options.sudoPassword !== undefined) return { kind: "password", password: options.sudoPassword };
  return given ?? (options.noSudo ? { kind: "none" } : { kind: "auto" });
}

/** Ids, unique: from the name, else from what was typed; where two hosts share it, each gets its port, then a number. */
function idsOf(entries: readonly InventoryEntry[]): string[] {
  const base = entries.map((entry) => entry.name ?? typedId(entry.target.host));
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
