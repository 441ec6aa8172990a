import { isIPv6 } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { idOf } from "@/lib/wire/host-id";

/** A host as a person types it. What is left out comes from ssh_config, the options or the defaults. */
export interface Target {
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
}

/** Something that a person typed or wrote in a file cannot be used; the message names it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Reads `[user@]host[:port]`, `[user@][IPv6][:port]` and bare IPv6 literals. The last `@` divides, since user names of directory services
 * hold one themselves. Throws UsageError that names what was typed.
 */
export function parseTarget(text: string): Target {
  const bad = (why: string) => new UsageError(`"${text}" is not [user@]host[:port]: ${why}`);
  const at = text.lastIndexOf("@");
  const user = at < 0 ? undefined : text.slice(0, at);
  const rest = text.slice(at + 1);
  if (user === "") throw bad("nothing stands before the @");
  if (user !== undefined && /[\x00-\x20\x7f]/.test(user)) throw bad("white space or a control character in the user");
  const { host, port } = divide(rest, bad);
  if (host === "") throw bad("the host is missing");
  if (host.startsWith("-")) throw bad("a host does not begin with a dash");
  if (/[\x00-\x20\x7f/\\]/.test(host)) throw bad("white space, a slash or a control character in the host");
  return { host, ...(user === undefined ? {} : { user }), ...(port === undefined ? {} : { port }) };
}

function divide(rest: string, bad: (why: string) => UsageError): { host: string; port?: number } {
  if (rest.startsWith("[")) {
    const end = rest.indexOf("]");
    if (end < 0) throw bad("the closing ] is missing");
    const host = rest.slice(1, end);
    if (!isIPv6(host)) throw bad(`${host} is no IPv6 address`);
    const tail = rest.slice(end + 1);
    if (tail === "") return { host };
    if (!tail.startsWith(":")) throw bad(`"${tail}" after the ]`);
    return { host, port: parsePort(tail.slice(1), bad) };
  }
  if (isIPv6(rest)) return { host: rest };
  const colon = rest.indexOf(":");
  if (colon < 0) return { host: rest };
  if (rest.indexOf(":", colon + 1) >= 0) throw bad("more than one colon, and no IPv6 address");
  return { host: rest.slice(0, colon), port: parsePort(rest.slice(colon + 1), bad) };
}

function parsePort(text: string, bad: (why: string) => UsageError): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw bad(`"${text}" is no port (1 to 65535)`);
  return port;
}

/** `--jump a,b@c:22`: the hops in the order in which they are passed. */
export function parseJump(text: string): Target[] {
  return text.split(",").map((hop) => parseTarget(hop.trim()));
}

/** A target as OpenSSH would print it, for messages. */
export function showTarget(target: Target): string {
  const host = target.host.includes(":") ? `[${target.host}]` : target.host;
  return `${target.user === undefined ? "" : `${target.user}@`}${host}${target.port === undefined ? "" : `:${target.port}`}`;
}

/** The id of a host from its address as it was typed. */
export const typedId = (host: string): string => idOf(host) || "host";

/** A path as the shell would have it: `~` is the home folder. */
export function untilde(path: string): string {
  return path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : path;
}
