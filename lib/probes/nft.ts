import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { later } from "./delays";
import { looseJson } from "./ip-json";
import { printItem } from "./items";
import { asRaw, conform, partsOf } from "./parts";
import { rootCommand } from "./root-script";

const Place = { family: z.string(), table: z.string(), name: z.string(), handle: z.number().optional() };

/** The ruleset as nft's JSON names it. Families: ip, ip6, inet, bridge (ebtables' nft variant too), arp, netdev. */
export const Nft = z.object({
  version: z.string().optional(),
  tables: z.array(z.object({ family: z.string(), name: z.string(), handle: z.number().optional() })),
  chains: z.array(
    z.object({
      ...Place,
      /** Base chains only. */
      type: z.string().optional(),
      hook: z.string().optional(),
      prio: z.number().optional(),
      policy: z.string().optional(),
      dev: z.union([z.string(), z.array(z.string())]).optional(),
    }),
  ),
  rules: z.array(
    z.object({
      family: z.string(),
      table: z.string(),
      chain: z.string(),
      handle: z.number().optional(),
      comment: z.string().optional(),
      /** Statements in order, e.g. {"match": ...}, {"counter": {"packets": 0, "bytes": 0}}, {"drop": null}, {"jump": {"target": "x"}}, {"xt": null} of iptables. */
      expr: z.array(z.unknown()),
    }),
  ),
  sets: z.array(
    z.object({
      ...Place,
      type: z.unknown().optional(),
      map: z.unknown().optional(),
      elem: z.array(z.unknown()).optional(),
    }),
  ),
});
export type Nft = z.infer<typeof Nft>;

const Document = z.object({ nftables: z.array(z.record(z.string(), z.unknown())) });
const read = rootCommand("nft -j list ruleset");

/**
 * The nftables ruleset, counters included; what iptables and ebtables write by their nft variants is in it.
 *
 * Sample (nftables 1.0.6, shortened): `{"nftables": [{"metainfo": {"version": "1.0.6", ...}}, {"table": {"family": "ip", "name": "filter", "handle": 1}},
 * {"chain": {"family": "ip", "table": "filter", "name": "FORWARD", "handle": 8, "type": "filter", "hook": "forward", "prio": 0, "policy": "accept"}}, {"rule": {...}}]}`
 */
export const probe = defineProbe({
  id: "nft",
  title: { en: "nftables rules", zh: "nftables 规则" },
  tier: "slow",
  // A network or a guest that starts brings rules with it. Held against older ones, a network that is there now would have none.
  rereadOn: { "virsh-event:lifecycle": later },
  volatile: ["expires", "used"],
  command: "nft list ruleset",
  script: `need nft; item ruleset as_root ${read}; [ "$_s" != 77 ] || exit 77`,
  privilege: "root",
  sudo: [read],
  timeoutMs: 15_000,
  maxBytes: 67_108_864,
  fact: Nft,
  parse: (raw) => {
    const value = looseJson(asRaw(partsOf(raw, ["ruleset"])("ruleset")));
    // nft prints nothing at all in some versions where there is no table.
    if (Array.isArray(value) && value.length === 0) return { tables: [], chains: [], rules: [], sets: [] };
    const entries = conform(Document, value).nftables;
    const of = (kind: string) => entries.flatMap((entry) => (Object.hasOwn(entry, kind) ? [entry[kind]] : []));
    const meta = of("metainfo")[0];
    if (meta === undefined) throw new ParseError("nft: no metainfo");
    return conform(Nft, {
      version: conform(z.object({ version: z.string().optional() }), meta).version,
      tables: of("table"),
      chains: of("chain"),
      rules: of("rule"),
      sets: [...of("set"), ...of("map")],
    });
  },
  sources: ["https://man7.org/linux/man-pages/man5/libnftables-json.5.html"],
  examples: [
    {
      name: "one chain, one rule, one set",
      stdout: printItem(
        "ruleset",
        '{"nftables": [{"metainfo": {"version": "1.0.6", "release_name": "Lester Gooch #5", "json_schema_version": 1}}, {"table": {"family": "bridge", "name": "guard", "handle": 3}}, {"set": {"family": "bridge", "name": "macs", "table": "guard", "type": "ether_addr", "handle": 2, "elem": ["52:54:00:5b:00:01"]}}, {"chain": {"family": "bridge", "table": "guard", "name": "fwd", "handle": 1, "type": "filter", "hook": "forward", "prio": -200, "policy": "accept"}}, {"rule": {"family": "bridge", "table": "guard", "chain": "fwd", "handle": 4, "expr": [{"counter": {"packets": 7, "bytes": 588}}, {"drop": null}]}}]}\n',
      ),
      expect: {
        version: "1.0.6",
        tables: [{ family: "bridge", name: "guard", handle: 3 }],
        chains: [
          {
            family: "bridge",
            table: "guard",
            name: "fwd",
            handle: 1,
            type: "filter",
            hook: "forward",
            prio: -200,
            policy: "accept",
          },
        ],
        rules: [
          {
            family: "bridge",
            table: "guard",
            chain: "fwd",
            handle: 4,
            expr: [{ counter: { packets: 7, bytes: 588 } }, { drop: null }],
          },
        ],
        sets: [
          {
            family: "bridge",
            name: "macs",
            table: "guard",
            type: "ether_addr",
            handle: 2,
            elem: ["52:54:00:5b:00:01"],
          },
        ],
      },
    },
  ],
});
