import type { Link } from "@/lib/probes/ip-link";
import { type MonitorEvent, nameIs } from "./events";

export interface Patched {
  /** The same array when nothing was changed. */
  readonly links: readonly Link[];
  /** False when an event said less than what changed: the links must be read again. */
  readonly complete: boolean;
}

/**
 * Applies events to the last reading of `ip-link`, so that a cable that falls out is seen at once and not after the next reading. Only what a line
 * says without doubt is taken over: flags, MTU, state, master, address of interfaces that are known under the same name. Pure.
 * Events may be applied twice: each states how things are, not what was added.
 */
export function patchLinks(before: readonly Link[], events: readonly MonitorEvent[]): Patched {
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
