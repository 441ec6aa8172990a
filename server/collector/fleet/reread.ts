import type { Probe } from "@/lib/probes/define";
import type { Link } from "@/lib/probes/ip-link";
import type { ProbeId } from "@/lib/probes/registry";
import type { EventSource } from "../ssh/api";
import type { MonitorEvent } from "./events";

/** Probes to read again, each with how long to wait for more events first, ms. */
export type Reread = readonly (readonly [ProbeId, number])[];

/** Long enough for the burst that one change makes (a bridge port that goes down makes eight lines in a few ms), short for a person. */
const soon = 30;
/** What changes often and tells little by itself. */
const later = 1_000;
/** Forwarding tables: an entry a MAC, and each learning is an event. */
const muchLater = 5_000;
/** The log is read as a whole, and what matters in it comes in bursts. */
const kernelLogMs = 3_000;
/** A source that begins says so a little late; sweeps of the same moment are let through first. */
const gapMs = 500;

const link: Reread = [
  ["ip-link", soon],
  ["bridge-link", soon],
  ["bond", soon],
  ["sysfs-net", soon],
];
const comeOrGone: Reread = [
  ...link,
  ["ip-addr", soon],
  ["bridge-vlan", soon],
  ["bridge-fdb", later],
  // A TAP that comes or goes is a guest that starts or stops.
  ["libvirt-state", later],
  ["qemu-proc", later],
  ["libvirt-domains", later],
];

/** Somebody moved a guest's NIC, who will have told libvirt first: it has no event for that, and its old word would accuse the new place. */
const moved: Reread = [...link, ["libvirt-domains", later]];

/** What a network or a guest that starts brings with it. Held against older rules, a network that is there now would have none. */
const startedWith: Reread = [
  ["nft", later],
  ["iptables", later],
  ["sockets", later],
  ["sysctl", later],
];

/** What a line of the ip monitor makes out of date. `known`: the interface as it was last read, where it was. */
export function rereadAfter(event: MonitorEvent, known: Pick<Link, "master"> | undefined): Reread {
  switch (event.kind) {
    case "link":
      if (known && known.master !== event.master) return moved;
      return known ? link : comeOrGone;
    case "link-touched":
      return known ? link : comeOrGone;
    case "link-gone":
      return comeOrGone;
    case "address":
      return [["ip-addr", soon]];
    case "route":
      return [["ip-route", soon]];
    case "neigh":
      return event.trouble ? [["ip-neigh", later]] : [];
    case "fdb":
      return [["bridge-fdb", muchLater]];
    case "other":
      return [];
  }
}

/**
 * What a line of another source makes out of date. Their text decides nothing that matters: guests and logs print what they like, and a reading costs less than a
 * wrong belief.
 */
export function rereadAfterLine(source: Exclude<EventSource, "ip-monitor">, line: string): Reread {
  if (line.trim() === "") return [];
  if (source === "virsh-event")
    return [
      ["libvirt-state", 100],
      ["libvirt-domains", 100],
      ["libvirt-networks", later],
      ["qemu-proc", later],
      // Clocks and balloons of guests make events all day, and rulesets are dear: only a guest that comes or goes brings any.
      ...(line.includes("event 'lifecycle'") ? startedWith : []),
    ];
  // The ip monitor has said the same of links; what only this one says is VLANs and port states.
  if (source === "bridge-monitor")
    return / master \S+ state /.test(line)
      ? [
          ["bridge-link", soon],
          ["bridge-vlan", later],
        ]
      : [["bridge-fdb", muchLater]];
  return [["kernel-log", kernelLogMs]];
}

/** Everything: nobody knows what has passed unseen. */
export function rereadAll(probes: readonly Probe[]): Reread {
  return probes.filter((probe) => probe.tier !== "fleet").map((probe) => [probe.id as ProbeId, gapMs]);
}

/** What may be out of date because a source was not followed for a while. */
export function rereadAfterGap(source: EventSource): Reread {
  if (source === "ip-monitor")
    return (["ip-link", "sysfs-net", "bond", "ip-addr", "ip-route", "ip-neigh"] as const).map((id) => [id, gapMs]);
  if (source === "bridge-monitor")
    return (["bridge-link", "bridge-vlan", "bridge-fdb"] as const).map((id) => [id, gapMs]);
  if (source === "virsh-event") return [["libvirt-state", gapMs]];
  return [];
}
