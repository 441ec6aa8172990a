import { factIfRead } from "../facts/facts";
import type { Link } from "../probes/ip-link";
import { defineSource, gap } from "./define";
import { isLost } from "./netlink";

/** What a line of `ip -o -ts monitor link address neigh route` says of an interface. Everything else of the line is left to the next reading. */
export interface LinkEvent {
  readonly kind: "link";
  readonly ifindex: number;
  /** As printed, possibly with "@peer" behind it: `nameIs` compares. */
  readonly label: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly operstate: string;
  /** Name of the bond or bridge; undefined: enslaved to none. */
  readonly master: string | undefined;
  readonly address: string | undefined;
}

export type MonitorEvent =
  | LinkEvent
  | { readonly kind: "link-gone"; readonly ifindex: number }
  /**
   * Something about this interface changed, but the line does not say all of it: the bridge's own messages about a port (without qdisc)
   * look like the others and mean less. "Deleted" among them means that it left the bridge, not that it is gone.
   */
  | { readonly kind: "link-touched"; readonly ifindex: number }
  | { readonly kind: "address" }
  | { readonly kind: "route" }
  /** `trouble`: the neighbour does not answer, or an entry of a real address went away. Other changes come by the dozen and mean little. */
  | { readonly kind: "neigh"; readonly trouble: boolean }
  /** An entry of a bridge's forwarding table. */
  | { readonly kind: "fdb" }
  /** The monitor could not keep up. */
  | { readonly kind: "lost" }
  /** A line that fits none of these. Never an error: another iproute2 may say more. */
  | { readonly kind: "other" };

const other: MonitorEvent = { kind: "other" };
const stamp = /^\[[0-9T:.+-]{10,40}\] /;
// The kernel takes neither white space nor ":" in a name, so the first ": <" ends it, whatever the name is.
const link = /^(\d{1,10}): ([^\s:]+): <([A-Za-z0-9_,-]*)> (.*)$/s;
const address = /^\d{1,10}: [^\s:]+ +inet6? /;
const neighbour = /^([0-9a-f:.]+) dev \S+ (?:.* )?([A-Z]+) *$/s;
const neighStates = new Set("INCOMPLETE REACHABLE STALE DELAY PROBE FAILED NOARP PERMANENT NONE".split(" "));

/**
 * Reads one line of the ip monitor (iproute2 6.1; older ones differ in nothing that matters here). Pure; never throws: names are the host's,
 * and a line that is not understood is `other`.
 */
export function parseMonitorLine(raw: string): MonitorEvent {
  const text = raw.replace(stamp, "");
  if (isLost(text)) return { kind: "lost" };
  const deleted = text.startsWith("Deleted ");
  const line = deleted ? text.slice(8) : text;
  const found = link.exec(line);
  if (found) return linkEvent(found, deleted);
  if (address.test(line)) return { kind: "address" };
  if (line.startsWith("dev ")) return { kind: "fdb" };
  const near = neighbour.exec(line);
  if (near && neighStates.has(near[2] ?? "")) return neighEvent(near[1] ?? "", near[2] ?? "", deleted);
  if (
    /^(default|local|broadcast|multicast|anycast|unreachable|blackhole|prohibit|throw|nat|[0-9a-f.:]+(\/\d+)?) /.test(
      line,
    )
  )
    return { kind: "route" };
  return other;
}

function linkEvent(found: RegExpExecArray, deleted: boolean): MonitorEvent {
  const ifindex = Number(found[1]);
  const [attributes, hardware] = splitOnce(found[4] ?? "", "\\");
  const values = pairs(attributes);
  const touched: MonitorEvent = { kind: "link-touched", ifindex };
  if (!values.has("qdisc")) return touched;
  if (deleted) return { kind: "link-gone", ifindex };
  const mtu = Number(values.get("mtu"));
  const operstate = values.get("state");
  if (!Number.isInteger(mtu) || operstate === undefined) return touched;
  return {
    kind: "link",
    ifindex,
    label: found[2] ?? "",
    flags: (found[3] ?? "").split(",").filter((flag) => flag !== ""),
    mtu,
    operstate,
    master: values.get("master"),
    address: /^ *link\/ether ([0-9a-f:]{17})(?: |$)/.exec(hardware)?.[1],
  };
}

/** `mtu 1500 qdisc noop master br0 state UP ...` as it stands: word, value, word, value. Read in order, so that a bridge called "state" stays a value. */
function pairs(text: string): Map<string, string> {
  const words = text.split(" ").filter((word) => word !== "");
  const values = new Map<string, string>();
  for (let at = 0; at + 1 < words.length; at += 2) {
    const key = words[at] ?? "";
    if (!values.has(key)) values.set(key, words[at + 1] ?? "");
  }
  return values;
}

function neighEvent(address: string, state: string, deleted: boolean): MonitorEvent {
  // Groups come and go with every interface, and nobody can fail to answer for one.
  const group = /^(ff|22[4-9]\.|23\d\.)/.test(address);
  return { kind: "neigh", trouble: !group && (deleted || state === "FAILED" || state === "INCOMPLETE") };
}

/** Cuts at the last separator: a name before it may hold one. */
function splitOnce(text: string, separator: string): [string, string] {
  const at = text.lastIndexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

/** Whether a printed label (`name`, `name@peer`) is of the interface that is called `name`. */
export function nameIs(label: string, name: string): boolean {
  return label === name || label.startsWith(`${name}@`);
}

interface Patched {
  /** The same array when nothing was changed. */
  readonly links: Link[];
  /** False when an event said less than what changed: the links must be read again. */
  readonly complete: boolean;
}

/**
 * Applies events to the last reading of `ip-link`, so that a cable that falls out is seen at once and not after the next reading. Only what a line
 * says without doubt is taken over: flags, MTU, state, master, address of interfaces that are known under the same name. Pure.
 */
export function patchLinks(before: Link[], events: readonly MonitorEvent[]): Patched {
  let links = before;
  let complete = true;
  for (const event of events) {
    if (event.kind === "link-gone") {
      const left = links.filter((link) => link.ifindex !== event.ifindex);
      if (left.length !== links.length) links = left;
      continue;
    }
    if (event.kind !== "link") continue;
    const at = links.findIndex((link) => link.ifindex === event.ifindex);
    const old = links[at];
    const masterKnown = event.master === undefined || links.some((link) => link.ifname === event.master);
    if (!old || !nameIs(event.label, old.ifname) || !masterKnown) {
      complete = false;
      continue;
    }
    const next = apply(old, event);
    if (next !== old) links = links.with(at, next);
  }
  return { links, complete };
}

function apply(old: Link, event: Extract<MonitorEvent, { kind: "link" }>): Link {
  // M-DOWN is what `ip` remembers of the peer, not what the kernel says of this interface: the monitor's memory is not to be relied on.
  const flags = [...event.flags.filter((flag) => flag !== "M-DOWN"), ...old.flags.filter((flag) => flag === "M-DOWN")];
  const sameFlags = flags.length === old.flags.length && flags.every((flag) => old.flags.includes(flag));
  const address = event.address ?? old.address;
  if (
    sameFlags &&
    old.mtu === event.mtu &&
    old.operstate === event.operstate &&
    old.master === event.master &&
    old.address === address
  )
    return old;
  const { master, linkinfo, ...rest } = old;
  return {
    ...rest,
    flags: sameFlags ? old.flags : flags,
    mtu: event.mtu,
    operstate: event.operstate,
    ...(address === undefined ? {} : { address }),
    ...(event.master === undefined ? {} : { master: event.master }),
    ...(linkinfo === undefined ? {} : { linkinfo: master === event.master ? linkinfo : withoutPort(linkinfo) }),
  };
}

/** What is known of an interface as a port belongs to the master that it has left. */
function withoutPort(linkinfo: NonNullable<Link["linkinfo"]>): NonNullable<Link["linkinfo"]> {
  const { info_slave_kind, info_slave_data, ...own } = linkinfo;
  return own;
}

/**
 * Links, addresses, routes and neighbours, as the kernel tells them.
 *
 * Sample (iproute2 6.1): `[2026-11-21T01:00:15.239300] 5: vnet0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master br0 state UNKNOWN group default
 * \    link/ether fe:54:00:aa:00:01 brd ff:ff:ff:ff:ff:ff`
 */
export const source = defineSource({
  id: "ip-monitor",
  title: { en: "Network events of the kernel", zh: "内核网络事件" },
  on: "linux",
  script: `command -v ip >/dev/null 2>&1 || tp_missing "ip is not installed"
ip -o -ts monitor link address neigh route`,
  // `come-or-gone`: an interface. `moved`: it has another master. `neigh`: one that does not answer, or went away.
  tells: ["link", "come-or-gone", "moved", "address", "route", "neigh", "fdb"],
  parse: parseMonitorLine,
  news(event, facts) {
    switch (event.kind) {
      case "link":
      case "link-touched": {
        const known = factIfRead(facts, "ip-link")?.find((link) => link.ifindex === event.ifindex);
        if (!known) return ["link", "come-or-gone"];
        return event.kind === "link" && known.master !== event.master ? ["link", "moved"] : ["link"];
      }
      case "link-gone":
        return ["link", "come-or-gone"];
      case "neigh":
        return event.trouble ? ["neigh"] : [];
      case "lost":
        return [gap];
      case "other":
        return [];
      default:
        return [event.kind];
    }
  },
  patches: {
    probe: "ip-link",
    concerns: (event) => event.kind === "link" || event.kind === "link-gone",
    apply: (links, events) => patchLinks(links, events).links,
  },
  sources: ["https://man7.org/linux/man-pages/man8/ip-monitor.8.html"],
  examples: [
    {
      line: "[2026-11-21T01:00:15.239300] 5: vnet0: <BROADCAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master br0 state UP \\    link/ether fe:54:00:aa:00:01 brd ff:ff:ff:ff:ff:ff",
      news: ["link", "come-or-gone"],
    },
    { line: "192.0.2.9 dev br0 FAILED ", news: ["neigh"] },
    { line: "192.0.2.9 dev br0 lladdr 52:54:00:aa:bb:cd STALE ", news: [] },
    { line: "default via 192.0.2.254 dev br0 ", news: ["route"] },
    { line: "netlink receive error No buffer space available (105)", news: [gap] },
  ],
});
