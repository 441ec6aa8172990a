import type { GraphNode } from "../../graph/model";
import type { CheckView, Evidence, Verdict } from "../define";
import { pass } from "../define";
import { type Culprit, culpritEvidence, culpritName } from "./ruleset";
import {
  anyGuest,
  bridgeOf,
  droppedOn,
  type FirewallView,
  type Flow,
  flowOf,
  guestPorts,
  type Kind,
  type Road,
} from "./traffic";

/** Which check tells of a drop: each one has one teller. */
export type Teller = "rules" | "mac-allowlist" | "frontend";

export interface Dropped {
  readonly culprit: Culprit;
  readonly teller: Teller;
  readonly road: Road;
  /** Edges of the guests that it cuts. */
  readonly breaks: readonly string[];
  /** "br0", or "vnet0 (web-01)". */
  readonly name: string;
}

/**
 * What drops all traffic of a subject on one of the roads: of a bridge, what hits all its guests alike; of a TAP, what hits this guest only. `null`: the subject has no such traffic, or
 * its bridge tells. `undefined`: nothing does for certain.
 */
export function droppedFor(view: FirewallView, subject: GraphNode, roads: readonly Road[]): Dropped | null | undefined {
  if (typeof subject.attributes.netns === "string") return null;
  if (subject.kind === "bridge") {
    const ports = guestPorts(view, subject.id);
    if (ports.length === 0) return null;
    const found = search(view, anyGuest(subject), roads);
    return (
      found && {
        ...found,
        teller: teller(view, found.culprit),
        breaks: ports.map((edge) => edge.id),
        name: subject.name,
      }
    );
  }
  const on = bridgeOf(view, subject.id);
  const { vm } = subject.attributes;
  if (!on || typeof vm !== "string") return null;
  if (search(view, anyGuest(on.bridge), roads)) return null;
  const flow = flowOf(view, on.bridge, subject);
  const found = search(view, flow, roads);
  if (!found) return undefined;
  const listed = refusesStrangers(view, flow, found.road, found.kind);
  return {
    ...found,
    teller: listed ? "mac-allowlist" : teller(view, found.culprit),
    breaks: [on.edge.id],
    name: `${subject.name} (${vm})`,
  };
}

function search(
  view: FirewallView,
  flow: Flow,
  roads: readonly Road[],
): { culprit: Culprit; road: Road; kind: Kind } | undefined {
  for (const road of roads)
    for (const kind of ["tcp", "arp"] as const) {
      const culprit = droppedOn(view, flow, road, kind);
      // A rule that drops TCP alone is a policy of somebody's, and cuts nobody off: pings have to be dropped too. ufw lets pings through whatever else it refuses.
      if (
        culprit &&
        (kind === "arp" || teller(view, culprit) === "frontend" || droppedOn(view, flow, road, "icmp") !== undefined)
      )
        return { culprit, road, kind };
    }
  return undefined;
}

/** A MAC that no list holds. */
const stranger = "02:ff:ff:ff:ff:fe";

/** Any MAC that is not listed is dropped: the guest is missing on a list, it is not singled out. */
function refusesStrangers(view: FirewallView, flow: Flow, road: Road, kind: Kind): boolean {
  const { mac: _mac, ...anybody } = flow;
  return (
    droppedOn(view, { ...flow, mac: stranger }, road, kind) !== undefined &&
    droppedOn(view, anybody, road, kind) === undefined
  );
}

/** Chains that a front end writes, and policies that it sets. */
function teller(view: Pick<CheckView, "factIfRead">, { chain, line }: Culprit): Teller {
  if (
    /^ufw6?-/.test(chain.name) ||
    chain.table === "firewalld" ||
    /^(?:FWD[IO]|IN|FORWARD)_.*(?:ZONES|public|trusted|block|drop|dmz)/.test(chain.name)
  )
    return "frontend";
  const ufw = view.factIfRead("firewall-frontend")?.ufw;
  const byUfw =
    line === 0 &&
    chain.name === "FORWARD" &&
    ufw?.active === true &&
    ufw.routed !== "allow" &&
    ufw.routed !== undefined;
  return byUfw ? "frontend" : "rules";
}

/** Verdict of the checks on drops: each takes what is its own to tell. */
export function judgeDrops(
  view: FirewallView,
  subject: GraphNode,
  roads: readonly Road[],
  own: Teller,
  applies: (bridge: GraphNode) => boolean,
  more: readonly Evidence[] = [],
  count?: (culprit: Culprit) => string | undefined,
): Verdict {
  const bridge = subject.kind === "bridge" ? subject : bridgeOf(view, subject.id)?.bridge;
  if (!bridge || !applies(bridge)) return null;
  const dropped = droppedFor(view, subject, roads);
  if (dropped === null) return null;
  if (dropped === undefined) return pass;
  if (dropped.teller !== own) return null;
  const { culprit } = dropped;
  return {
    status: "fail",
    cuts: false,
    breaks: dropped.breaks,
    params: {
      name: dropped.name,
      bridge: bridge.name,
      culprit: culpritName(culprit),
      tool: culprit.chain.tool,
      family: culprit.chain.family,
      table: culprit.chain.table,
      chain: culprit.chain.name,
      line: culprit.line,
      set: setOf(culprit) ?? "-",
      mac: typeof subject.attributes.guestMac === "string" ? subject.attributes.guestMac : "-",
      road: dropped.road,
    },
    evidence: [culpritEvidence(culprit, count?.(culprit)), ...more],
  };
}

/** The set of MACs that the dropping rule, or one above it in its chain, looks in. */
function setOf({ chain, rule, line }: Culprit): string | undefined {
  if (rule?.macSet !== undefined) return rule.macSet;
  const above = line === 0 ? chain.rules : chain.rules.slice(0, line - 1);
  return above.find((one) => one.macSet !== undefined)?.macSet;
}

/** What the front ends say of themselves, where that was read. */
export function frontendEvidence(view: Pick<CheckView, "factIfRead">): Evidence[] {
  const status = view.factIfRead("firewall-frontend");
  const found: Evidence[] = [];
  if (status?.ufw?.active)
    found.push({
      command: "ufw status verbose",
      excerpt: `Default: ${status.ufw.incoming ?? "?"} (incoming), ${status.ufw.outgoing ?? "?"} (outgoing), ${status.ufw.routed ?? "?"} (routed)`,
    });
  if (status?.firewalld?.running)
    found.push({
      command: "firewall-cmd --get-active-zones",
      excerpt:
        status.firewalld.zones
          .filter((zone) => zone.active)
          .map((zone) => `${zone.name} (target ${zone.target ?? "default"}): ${zone.interfaces.join(" ")}`)
          .join("\n") || "no active zone",
    });
  return found;
}
