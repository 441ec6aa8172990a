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
