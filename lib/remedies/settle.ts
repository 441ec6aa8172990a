import type { KindId } from "../changes/change";
import type { Settles } from "../changes/define";
import { kinds } from "../changes/kinds/registry";
import type { Finding } from "../checks/finding";
import { words } from "../checks/words/thresholds";
import { type Facts, factIfRead } from "../facts/facts";
import type { GraphNode } from "../graph/model";
import type { GraphView } from "../graph/view";
import type { Wording } from "../wording";

/** The longest time that a plan needs to take effect, ms, and why. */
export interface Settling {
  readonly ms: number;
  readonly because: readonly Wording[];
}

/** No look back is waited for longer than this, ms. */
const longestLook = 15 * 60_000;
/** After the time that a check looks back, until the next look finds nothing in it, ms. */
const afterLook = 30_000;
/** Open vSwitch's spanning tree has the delays of IEEE 802.1D: twice 15 s. */
const ovsStp = 30_000;

/**
 * How long a plan may need before its effect shows: as long as the slowest of its changes; where a link comes up anew also twice the forward delay of
 * a bridge with spanning tree (IEEE 802.1D) and the updelay of a bond (Documentation/networking/bonding.rst). Too short would undo a good change
 * before it worked, too long would leave a bad one in place.
 *
 * A check that looks back (`window` among its thresholds) goes on failing by what was before. That time counts only where the way by which we reach the
 * host is clear of the plan: a long wait for an undo that brings us back would be a long time without the host.
 */
export function settlingOf(
  made: readonly KindId[],
  /** `changed`: what does not only gain or lose something that is attached to it. */
  touched: readonly { readonly node: GraphNode; readonly changed: boolean }[],
  context: { readonly graph: GraphView; readonly facts: Facts; readonly finding: Finding },
  clear: boolean,
): Settling {
  const all = made.map((kind): Settles => kinds[kind].settles);
  const [slowest] = [...all].sort((a, b) => b.ms - a.ms);
  const parts: { readonly ms: number; readonly because: Wording }[] = slowest ? [slowest] : [];
  if (all.some((one) => one.relinks)) parts.push(...delays(touched, context.graph, context.facts));
  const look = clear ? lookBack(context.finding) : undefined;
  if (look) parts.push(look);
  return { ms: parts.reduce((sum, part) => sum + part.ms, 0), because: parts.map((part) => part.because) };
}

/** Delays of the bridges and bonds that are touched, or hold what is changed, each once. */
function delays(touched: Parameters<typeof settlingOf>[1], graph: GraphView, facts: Facts) {
  const near = new Map(touched.map(({ node }) => [node.id, node]));
  for (const { id } of touched.flatMap(({ node, changed }) => (changed ? [node] : [])))
    for (const edge of [...graph.towardsWire(id), ...graph.towardsGuest(id)])
      for (const end of [edge.from, edge.to]) {
        const node = graph.node(end);
        if (node) near.set(end, node);
      }
  const links = factIfRead(facts, "ip-link") ?? [];
  return [...near.values()].flatMap((node) => {
    if (node.kind === "ovs-bridge" && (node.attributes.stp === true || node.attributes.rstp === true))
      return [forStp(node.name, ovsStp)];
    if (node.kind !== "bridge" && node.kind !== "bond") return [];
    const data = links.find((link) => link.ifname === node.name)?.linkinfo?.info_data ?? {};
    // iproute2 prints the kernel's clock_t: hundredths of a second.
    if (node.kind === "bridge" && data.stp_state === 1 && typeof data.forward_delay === "number")
      return [forStp(node.name, 2 * data.forward_delay * 10)];
    if (node.kind === "bond" && typeof data.updelay === "number" && data.updelay > 0)
      return [forBond(node.name, data.updelay)];
    return [];
  });
}

const forStp = (name: string, ms: number) => ({
  ms,
  because: {
    en: `${ms / 1000} s for spanning tree on ${name} (2 x forward delay)`,
    zh: `${ms / 1000} 秒用于 ${name} 的生成树（2 倍转发延迟）`,
  },
});

const forBond = (name: string, ms: number) => ({
  ms,
  because: { en: `${ms / 1000} s updelay of ${name}`, zh: `${ms / 1000} 秒用于 ${name} 的 updelay` },
});

function lookBack(finding: Finding) {
  const window = finding.thresholds?.window;
  const unit = words.find((one) => one.id === finding.check)?.settings?.window?.unit;
  const unitMs = unit === "s" ? 1000 : unit === "min" ? 60_000 : undefined;
  if (window === undefined || unitMs === undefined) return undefined;
  const ms = Math.min(window * unitMs, longestLook) + afterLook;
  return {
    ms,
    because: {
      en: `${ms / 1000} s, for the check looks back`,
      zh: `${ms / 1000} 秒，因为该检查会回看之前的情况`,
    },
  };
}
