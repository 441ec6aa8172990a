import type { FactOf } from "../../probes/registry";
import { filled, type Wording } from "../../wording";
import type { Evidence } from "../define";
import type { Chain, Rule } from "./chain";
import { iptablesChains } from "./iptables-rules";
import { nftChains } from "./nft-rules";
import type { Packet } from "./packet";

/** What drops a packet for certain. */
export interface Culprit {
  readonly chain: Chain;
  /** Undefined: the policy. */
  readonly rule?: Rule;
  /** Number of the rule in its chain, from 1; 0 for the policy. */
  readonly line: number;
}

export type Ruled = "pass" | "doubt" | { readonly dropped: Culprit };

export interface Ruleset {
  /** Verdicts so far, by hook and packet: several checks ask for the same ones. */
  readonly known: Map<string, Ruled>;
  /** Base chains of a hook, in the order in which they are asked. `layer`: ip, ip6 or bridge. */
  readonly hooked: (layer: "ip" | "ip6" | "bridge", hook: string) => readonly Chain[];
  readonly chain: (of: Chain, name: string) => Chain | undefined;
}

const memo = new WeakMap<object, { readonly iptables: object | undefined; readonly ruleset: Ruleset }>();
const empty = {};

/** The rules of both tools in one form. What iptables wrote by way of nf_tables is taken from iptables' own listing: nft prints parts of it as "xt" only. */
export function rulesetOf(nft: FactOf<"nft"> | undefined, iptables: FactOf<"iptables"> | undefined): Ruleset {
  const known = memo.get(nft ?? empty);
  if (known && known.iptables === iptables) return known.ruleset;
  const own = iptables ? iptablesChains(iptables) : [];
  const taken = new Set(own.flatMap((chain) => (chain.tool === "iptables" ? `${chain.family} ${chain.table}` : [])));
  const chains = [
    ...own,
    ...(nft ? nftChains(nft).filter((chain) => !taken.has(`${chain.family} ${chain.table}`)) : []),
  ];
  const byName = new Map(chains.map((chain) => [keyOf(chain, chain.name), chain]));
  const byHook = new Map<string, Chain[]>();
  for (const chain of chains) {
    if (!chain.base) continue;
    for (const layer of chain.family === "inet" ? ["ip", "ip6"] : [chain.family]) {
      const list = byHook.get(`${layer} ${chain.base.hook}`) ?? [];
      list.push(chain);
      byHook.set(`${layer} ${chain.base.hook}`, list);
    }
  }
  for (const list of byHook.values()) list.sort((a, b) => (a.base?.prio ?? 0) - (b.base?.prio ?? 0));
  const ruleset: Ruleset = {
    known: new Map(),
    hooked: (layer, hook) => byHook.get(`${layer} ${hook}`) ?? [],
    chain: (of, name) => byName.get(keyOf(of, name)),
  };
  memo.set(nft ?? empty, { iptables, ruleset });
  return ruleset;
}

const keyOf = (chain: Chain, name: string): string => `${chain.tool}\n${chain.family}\n${chain.table}\n${name}`;

/** What a hook does to a packet: every base chain has to let it pass. A drop counts only where no rule before it might have let the packet pass. */
export function ruled(ruleset: Ruleset, layer: "ip" | "ip6" | "bridge", hook: string, packet: Packet): Ruled {
  const chains = ruleset.hooked(layer, hook);
  if (chains.length === 0) return "pass";
  const { family, iif, oif, physin, physout, bridged, saddr, daddr, smac, dmac, proto, dport, state } = packet;
  const key = [
    layer,
    hook,
    family,
    iif,
    oif,
    physin,
    physout,
    bridged,
    saddr,
    daddr,
    smac,
    dmac,
    proto,
    dport,
    state,
  ].join("\n");
  const known = ruleset.known.get(key);
  if (known !== undefined) return known;
  const verdict = walkHook(ruleset, chains, packet);
  ruleset.known.set(key, verdict);
  return verdict;
}

function walkHook(ruleset: Ruleset, chains: readonly Chain[], packet: Packet): Ruled {
  let doubt = false;
  for (const chain of chains) {
    const walk = walkChain(ruleset, chain, packet, 0);
    if (typeof walk === "object") return walk;
    if (walk === "doubt") doubt = true;
    else if (walk === "end" && chain.base?.policy === "drop") return { dropped: { chain, line: 0 } };
    else if (walk === "end-in-doubt" && chain.base?.policy === "drop") doubt = true;
  }
  return doubt ? "doubt" : "pass";
}

/** `end`: no rule decided. `end-in-doubt`: none did for certain, some may have. */
type Walk = "accept" | "doubt" | "end" | "end-in-doubt" | { readonly dropped: Culprit };

const deepest = 16;

/**
 * libvirt's network filters have a check of their own (nwfilter-blocks), for their chains depend on values that libvirt learns; they are passed over here.
 */
const ofNwfilter = /^(?:libvirt-[IOJP]-|[IOJP]-|FI-|FO-|FJ-|FP-|HI-|HJ-|libvirt-(?:in|out|in-post|host-in)$)/;

function walkChain(ruleset: Ruleset, chain: Chain, packet: Packet, depth: number): Walk {
  let doubt = false;
  for (const [at, rule] of chain.rules.entries()) {
    const action = rule.action;
    if (action.kind === "pass") continue;
    const match = rule.matches(packet);
    if (match === false) continue;
    if (action.kind === "open") {
      doubt = true;
      continue;
    }
    if (action.kind === "drop") {
      // A drop that only may match hits some packets, not this kind of packet.
      if (match === true) return doubt ? "doubt" : { dropped: { chain, rule, line: at + 1 } };
      continue;
    }
    if (action.kind === "accept") {
      if (match === true) return doubt ? "doubt" : "accept";
      doubt = true;
      continue;
    }
    if (action.kind === "return") {
      if (match === true) return doubt ? "end-in-doubt" : "end";
      doubt = true;
      continue;
    }
    if (!("target" in action) || ofNwfilter.test(action.target)) continue;
    const target = depth < deepest ? ruleset.chain(chain, action.target) : undefined;
    if (!target) {
      doubt = true;
      continue;
    }
    const inner = walkChain(ruleset, target, packet, depth + 1);
    if (inner === "end" && action.kind === "jump") continue;
    if (match !== true || inner === "end-in-doubt") {
      // What may be dropped there is not dropped for certain; what may be accepted there takes the certainty from all that follows.
      if (typeof inner !== "object" || action.kind === "goto") doubt = true;
      continue;
    }
    if (inner === "end") return doubt ? "end-in-doubt" : "end";
    if (doubt) return "doubt";
    return inner;
  }
  return doubt ? "end-in-doubt" : "end";
}

/** What a person types to see the rule, and how it reads there, its count included. `more`: what else is known of it. */
export function culpritEvidence(culprit: Culprit, more?: string): Evidence {
  const seen = evidenceOf(culprit);
  return more === undefined ? seen : { ...seen, excerpt: `${seen.excerpt}\n${more}` };
}

function evidenceOf({ chain, rule, line }: Culprit): Evidence {
  const what = rule
    ? `rule ${line}: ${rule.text}`
    : `policy ${chain.base?.policy.toUpperCase() ?? "DROP"}${chain.base?.counted === undefined ? "" : ` (${chain.base.counted} packets)`}`;
  if (chain.tool !== "nft") {
    const tool = (chain.family === "ip6" ? "ip6tables" : "iptables") + chain.tool.slice("iptables".length);
    return { command: `${tool} -t ${chain.table} -nvL ${chain.name} --line-numbers`, excerpt: `${chain.name} ${what}` };
  }
  return {
    command: `nft -a list chain ${chain.family} ${chain.table} ${chain.name}`,
    excerpt: `chain ${chain.name}: ${what}`,
  };
}

/** One word or two for the sentence: "FORWARD policy", "FORWARD rule 3". */
export const culpritName = ({ chain, line }: Culprit): Wording =>
  filled(
    line === 0
      ? { en: "{chain} policy", zh: "{chain} 默认策略" }
      : { en: "{chain} rule {line}", zh: "{chain} 第 {line} 条规则" },
    {
      chain: `${chain.tool === "nft" ? `${chain.family} ${chain.table} ` : ""}${chain.name}`,
      line,
    },
  );
