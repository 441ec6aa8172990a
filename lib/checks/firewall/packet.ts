/** A packet as the rules see it. What is undefined may be anything: a rule that asks for it can then neither be said to match nor not to. */
export interface Packet {
  readonly family: "ip" | "ip6" | "arp";
  readonly iif?: string;
  readonly oif?: string;
  /** Ports of the bridge, where bridged packets pass the IP hooks. */
  readonly physin?: string;
  readonly physout?: string;
  readonly bridged: boolean;
  readonly saddr?: string;
  readonly daddr?: string;
  /** Lower case. */
  readonly smac?: string;
  readonly dmac?: string;
  readonly proto?: "icmp" | "tcp" | "udp";
  /** Where it is sent to, of TCP and UDP. */
  readonly dport?: number;
  /** First of a connection, or part of one that was let through. */
  readonly state: "new" | "established";
}

/** Yes, no, or undefined: cannot be told for all packets of this kind. */
export type Tri = boolean | undefined;

export const not = (value: Tri): Tri => (value === undefined ? undefined : !value);

/** All of them: one no decides. */
export function all(values: Iterable<Tri>): Tri {
  let result: Tri = true;
  for (const value of values) {
    if (value === false) return false;
    if (value === undefined) result = undefined;
  }
  return result;
}

/** Any of them: one yes decides. */
export function any(values: Iterable<Tri>): Tri {
  let result: Tri = false;
  for (const value of values) {
    if (value === true) return true;
    if (value === undefined) result = undefined;
  }
  return result;
}

/** An interface's name against one of a rule; a trailing `wild` ("+" of iptables, "*" of nft) stands for any end. */
export function sameName(name: string | undefined, wanted: string, wild: "+" | "*"): Tri {
  if (name === undefined) return wanted === wild ? true : undefined;
  return wanted.endsWith(wild) ? name.startsWith(wanted.slice(0, -1)) : name === wanted;
}

/** An address against `a.b.c.d` or `a.b.c.d/len`. IPv6 only where both are written alike, else it cannot be told. */
export function inPrefix(address: string | undefined, prefix: string): Tri {
  const [base = "", length] = prefix.split("/");
  if (length === "0") return true;
  if (address === undefined) return undefined;
  const [a, b] = [ipv4(address), ipv4(base)];
  if (a === undefined || b === undefined) return address === base ? true : undefined;
  const bits = length === undefined ? 32 : Number(length);
  if (!Number.isInteger(bits) || bits < 0 || bits > 32) return undefined;
  const size = 2 ** (32 - bits);
  return Math.floor(a / size) === Math.floor(b / size);
}

function ipv4(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  return parts ? parts.slice(1).reduce((sum, part) => sum * 256 + Number(part), 0) : undefined;
}

/** A port against `22` or `1000:2000`; a service's name cannot be told. */
export function inPorts(port: number | undefined, wanted: string): Tri {
  const range = /^(\d{1,5})(?::(\d{1,5}))?$/.exec(wanted);
  if (port === undefined || !range) return undefined;
  return Number(range[1]) <= port && port <= Number(range[2] ?? range[1]);
}

/** Text against text, undefined where the packet leaves it open. */
export const same = (value: string | undefined, wanted: string): Tri =>
  value === undefined ? undefined : value === wanted.toLowerCase();
