import { access, constants } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import SSHConfig from "ssh-config";
import { type Hop, HostSpec, type Login } from "@/lib/wire/rest";

/** Where a name leads to, by ~/.ssh/config. */
export interface Target {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Paths as configured, `~` and tokens filled in; whether they exist is not looked at. */
  readonly identityFiles: readonly string[];
  readonly knownHostsFiles: readonly string[];
  /** Nearest to us first. */
  readonly jump: readonly Target[];
  /** What stands in the configuration and is not followed here, for the user to know. */
  readonly notes: readonly string[];
}

export class TargetError extends Error {
  override readonly name = "TargetError";
}

const mostHops = 5;
const notFollowed = ["include", "hostkeyalias", "proxyusefdpass", "canonicalizehostname", "certificatefile"];

/**
 * Resolves `[user@]host[:port]` (also `ssh://...` and `[v6]:port`) by the text of an ssh_config: HostName, Port, User, IdentityFile,
 * UserKnownHostsFile, ProxyJump (each hop resolved in the same way). What the target itself says goes before the file. `Match exec` is never
 * run. Throws TargetError for what cannot be followed: ProxyCommand, a ring of jumps, a port that is none.
 */
export function resolveTarget(target: string, configText: string): Target {
  return resolve(target, SSHConfig.parse(configText), []);
}

function resolve(target: string, config: SSHConfig, seen: readonly string[]): Target {
  if (seen.includes(target)) throw new TargetError(`ProxyJump goes in a ring: ${[...seen, target].join(" -> ")}`);
  if (seen.length > mostHops) throw new TargetError(`more than ${mostHops} jump hosts: ${seen.join(" -> ")}`);
  const asked = parseTarget(target);
  const options = new Map<string, string[]>();
  const computed = config.compute(asked.host, { ignoreCase: true, matchExec: false });
  for (const [name, value] of Object.entries(computed))
    options.set(name.toLowerCase(), (Array.isArray(value) ? value : [value]).map(String));
  const one = (name: string) => options.get(name)?.[0];

  const proxyCommand = one("proxycommand");
  if (proxyCommand !== undefined && proxyCommand.toLowerCase() !== "none")
    throw new TargetError(`${asked.host} uses ProxyCommand, which is not run here: use ProxyJump`);
  const user = asked.user ?? one("user") ?? userInfo().username;
  const address = (one("hostname") ?? asked.host).replaceAll("%h", asked.host).replaceAll("%%", "%");
  const port = asked.port ?? portOf(one("port") ?? "22", asked.host);
  const fillIn = (path: string) => expand(path, { host: address, user, port });
  const proxyJump = one("proxyjump");
  const hops =
    proxyJump === undefined || proxyJump.toLowerCase() === "none" ? [] : proxyJump.split(",").map((hop) => hop.trim());
  const jump = hops.flatMap((hop, at) => {
    const resolved = resolve(hop, config, [...seen, target]);
    // As in OpenSSH: only the first hop follows a ProxyJump of its own.
    return at === 0 ? [...resolved.jump, { ...resolved, jump: [] }] : [{ ...resolved, jump: [] }];
  });
  if (jump.length > mostHops) throw new TargetError(`more than ${mostHops} jump hosts on the way to ${asked.host}`);
  return {
    address,
    port,
    user,
    identityFiles: (options.get("identityfile") ?? []).map(fillIn),
    knownHostsFiles: (options.get("userknownhostsfile") ?? ["~/.ssh/known_hosts"]).map(fillIn),
    jump,
    notes: notFollowed.filter((name) => options.has(name)).map((name) => `${name} of ${asked.host} is not followed`),
  };
}

function parseTarget(target: string): { host: string; user?: string; port?: number } {
  const text = target.replace(/^ssh:\/\//, "").replace(/\/$/, "");
  const at = text.lastIndexOf("@");
  const user = at > 0 ? text.slice(0, at) : undefined;
  const rest = at >= 0 ? text.slice(at + 1) : text;
  const bracketed = /^\[([^\]]+)\](?::(.+))?$/.exec(rest);
  // More than one colon and no brackets: an IPv6 address.
  const plain = /^([^:]+)(?::([^:]*))?$/.exec(rest);
  const host = bracketed?.[1] ?? plain?.[1] ?? rest;
  const port = bracketed ? bracketed[2] : plain?.[2];
  if (host === "" || host.startsWith("-") || /[\s\0]/.test(host))
    throw new TargetError(`not a host: ${JSON.stringify(target)}`);
  return { host, user, port: port === undefined ? undefined : portOf(port, host) };
}

function portOf(text: string, host: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535)
    throw new TargetError(`port of ${host} is no port: ${JSON.stringify(text)}`);
  return port;
}

function expand(path: string, tokens: { host: string; user: string; port: number }): string {
  const filled = path.replace(/%([%dhrpu])/g, (_, token: string) => {
    switch (token) {
      case "d":
        return homedir();
      case "h":
        return tokens.host;
      case "r":
        return tokens.user;
      case "p":
        return String(tokens.port);
      case "u":
        return userInfo().username;
      default:
        return "%";
    }
  });
  return filled === "~" || filled.startsWith("~/") ? join(homedir(), filled.slice(1)) : filled;
}

const usualKeys = () => ["id_ed25519", "id_ecdsa", "id_rsa"].map((name) => join(homedir(), ".ssh", name));

/**
 * Ways of logging in where nobody said which, as OpenSSH would try them: the identity files that are there, the agent, the usual keys that are there.
 * `passphrase` goes with each key file.
 */
export async function usualLogins(
  { identityFiles }: Pick<Target, "identityFiles">,
  passphrase?: string,
): Promise<Login[]> {
  const file = (path: string): Login => ({
    kind: "key-file",
    path,
    ...(passphrase === undefined ? {} : { passphrase }),
  });
  const own = await readable(identityFiles);
  const others = (await readable(usualKeys())).filter((path) => !own.includes(path));
  const agent: Login[] = process.env.SSH_AUTH_SOCK ? [{ kind: "agent" }] : [];
  return [...own.map(file), ...agent, ...others.map(file)];
}

/** Of these files those that can be read, each once. */
async function readable(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of new Set(paths))
    if (
      await access(path, constants.R_OK).then(
        () => true,
        () => false,
      )
    )
      found.push(path);
  return found;
}

/**
 * How to enter a jump host that nobody gave a login of its own. A password, a passphrase and a pasted key were given for the host behind it and stay with
 * that host: whoever owns the jump host would otherwise own the host as well. OpenSSH holds it the same way. An agent or an open key file proves itself
 * without telling anything, so a hop without an identity file of its own takes the host's.
 * @throws TargetError that names the hop, where it has no way to log in.
 */
export async function hopLogin(
  hop: Pick<Target, "address" | "identityFiles">,
  login: Login | undefined,
): Promise<Login> {
  const [path] = await readable(hop.identityFiles);
  if (path !== undefined) return { kind: "key-file", path };
  if (login && tellsNothing(login)) return login;
  const [usual] = await usualLogins(hop);
  if (usual) return usual;
  throw new TargetError(
    `the jump host ${hop.address} needs a login of its own: an IdentityFile in ssh_config, an agent or a key in ~/.ssh. ` +
      "What was typed for the host behind it is not given to it",
  );
}

/** Whether a login proves itself without handing anything over, and needs no secret that was typed for one host. */
const tellsNothing = (login: Login): boolean =>
  login.kind === "agent" || (login.kind === "key-file" && login.passphrase === undefined);

/** The host spec of a resolved target. `login`, where given, is used for the host itself; hops as hopLogin says. */
export async function toHostSpec(target: Target, id: string, login?: Login): Promise<HostSpec> {
  const jump: Hop[] = [];
  for (const hop of target.jump) {
    const { address, port, user } = hop;
    jump.push({ address, port, user, login: await hopLogin(hop, login) });
  }
  const { address, port, user } = target;
  const [own = login] = login ? [login] : await usualLogins(target);
  if (!own) throw new TargetError("no way to log in: no identity file, no agent, no key in ~/.ssh");
  return HostSpec.parse({ id, address, port, user, login: own, jump });
}

/** A spec whose address is a name of ssh_config: leads it to where the file says. What the spec itself gives goes first. */
export async function applyConfig(spec: HostSpec, configText: string): Promise<HostSpec> {
  const target = resolveTarget(spec.address, configText);
  const port = spec.port === 22 ? target.port : spec.port;
  if (spec.jump.length > 0) return { ...spec, address: target.address, port };
  const { jump } = await toHostSpec(target, spec.id, spec.login);
  return { ...spec, address: target.address, port, jump };
}
