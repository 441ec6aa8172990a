import type { SourceId } from "@/lib/events/registry";
import type { SimState } from "./model";
import { fdbLine } from "./print/bridge";
import { monitorLine, routes } from "./print/ip";

export interface SimEvent {
  readonly source: SourceId;
  /** The line as the tool prints it, without the tool's own timestamp. */
  readonly line: string;
}

/** What can be seen from outside at one moment: compared before and after a change, the difference is what the monitors print. */
export interface Seen {
  readonly links: ReadonlyMap<number, string>;
  readonly bridgePorts: ReadonlyMap<number, { readonly mac: string; readonly port: string; readonly bridge: string }>;
  readonly routes: ReadonlySet<string>;
  readonly domains: ReadonlyMap<string, string>;
}

function routeLine(route: ReturnType<typeof routes>[number]): string {
  const via = route.gateway === undefined ? "" : ` via ${route.gateway}`;
  const scope = route.scope === undefined ? "" : ` scope ${route.scope}`;
  const src = route.prefsrc === undefined ? "" : ` src ${route.prefsrc}`;
  const flags = route.flags.map((flag) => ` ${flag}`).join("");
  return `${route.dst}${via} dev ${route.dev} proto ${route.protocol}${scope}${src}${flags}`;
}

export function look(state: SimState): Seen {
  const links = new Map<number, string>();
  const bridgePorts = new Map<number, { mac: string; port: string; bridge: string }>();
  for (const link of state.links.values()) {
    links.set(link.ifindex, monitorLine(state, link));
    const bridge = link.master === undefined ? undefined : state.links.get(link.master);
    if (bridge?.kind === "bridge")
      bridgePorts.set(link.ifindex, { mac: link.mac, port: link.name, bridge: bridge.name });
  }
  return {
    links,
    bridgePorts,
    routes: new Set(routes(state, false).map(routeLine)),
    domains: new Map([...state.guests.values()].map((guest) => [guest.name, guest.state])),
  };
}

const lifecycles = new Map([
  ["running", "Started Booted"],
  ["shut off", "Stopped Destroyed"],
  ["paused", "Suspended Paused"],
]);

/** The lines that the event streams print for a change from `before` to `after`. */
export function difference(before: Seen, after: Seen): SimEvent[] {
  const events: SimEvent[] = [];
  for (const [ifindex, line] of before.links)
    if (!after.links.has(ifindex)) events.push({ source: "ip-monitor", line: `Deleted ${line}` });
  for (const [ifindex, line] of after.links)
    if (before.links.get(ifindex) !== line) events.push({ source: "ip-monitor", line });
  for (const [ifindex, entry] of before.bridgePorts)
    if (after.bridgePorts.get(ifindex)?.bridge !== entry.bridge)
      events.push({ source: "bridge-monitor", line: fdbLine(entry.mac, entry.port, entry.bridge, true) });
  for (const [ifindex, entry] of after.bridgePorts)
    if (before.bridgePorts.get(ifindex)?.bridge !== entry.bridge)
      events.push({ source: "bridge-monitor", line: fdbLine(entry.mac, entry.port, entry.bridge, false) });
  for (const route of before.routes)
    if (!after.routes.has(route)) events.push({ source: "ip-monitor", line: `Deleted ${route} ` });
  for (const route of after.routes)
    if (!before.routes.has(route)) events.push({ source: "ip-monitor", line: `${route} ` });
  for (const [name, was] of before.domains)
    if (!after.domains.has(name) && was === "running")
      events.push({ source: "virsh-event", line: `event 'lifecycle' for domain '${name}': Stopped Destroyed` });
  for (const [name, state] of after.domains) {
    const was = before.domains.get(name);
    if (was === state || (was === undefined && state === "shut off")) continue;
    const what = was === "paused" && state === "running" ? "Resumed Unpaused" : lifecycles.get(state);
    events.push({ source: "virsh-event", line: `event 'lifecycle' for domain '${name}': ${what ?? state}` });
  }
  return events;
}
