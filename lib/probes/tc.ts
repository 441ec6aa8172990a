import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { parseIpJson } from "./ip-json";
import { parseItems, printItem } from "./items";
import { asRaw } from "./parts";

export const Qdisc = z.object({
  kind: z.string(),
  handle: z.string().optional(),
  dev: z.string(),
  root: z.boolean().optional(),
  parent: z.string().optional(),
  /** Settings by kind, e.g. netem's delay and loss. */
  options: z.record(z.string(), z.unknown()).optional(),
  bytes: z.number().optional(),
  packets: z.number().optional(),
  drops: z.number().optional(),
  overlimits: z.number().optional(),
  backlog: z.number().optional(),
});
export type Qdisc = z.infer<typeof Qdisc>;

export const Filter = z.object({
  dev: z.string(),
  direction: z.enum(["ingress", "egress"]),
  protocol: z.string().optional(),
  pref: z.number().optional(),
  /** bpf, flower, matchall, u32... */
  kind: z.string(),
  chain: z.number().optional(),
  /** Match, actions (drop, mirred, police) and their counters, as tc prints them. */
  options: z.record(z.string(), z.unknown()).optional(),
  /** Counters of a policer that is none of its actions (u32's old form). */
  packets: z.number().optional(),
  drops: z.number().optional(),
});
export type Filter = z.infer<typeof Filter>;

export const TrafficControl = z.object({ qdiscs: z.array(Qdisc), filters: z.array(Filter) });
export type TrafficControl = z.infer<typeof TrafficControl>;

const Printed = Filter.omit({ dev: true, direction: true });

/**
 * Queueing disciplines of every interface, and the filters (tc-bpf, mirred, police) of those that have an ingress or clsact hook.
 *
 * Sample (iproute2 6.1), item `qdiscs`: `[{"kind":"clsact","handle":"ffff:","dev":"vnet0","parent":"ffff:fff1","options":{},"bytes":0,"packets":0,"drops":0,...}]`;
 * item `ingress:vnet0`: `[{"protocol":"all","pref":49152,"kind":"matchall","chain":0},{"protocol":"all","pref":49152,"kind":"matchall","chain":0,"options":{...}}]`
 */
export const probe = defineProbe({
  id: "tc",
  title: { en: "Traffic control", zh: "流量控制（tc）" },
  tier: "slow",
  volatile: ["expires"],
  command: "tc -s -j qdisc show; tc -s -j filter show dev IFACE ingress",
  script: `need tc
item qdiscs tc -s -j qdisc show; iproute2_or_absent tc
tc qdisc show 2>/dev/null </dev/null | while read -r a k b c d e; do
case $k in clsact) item "ingress:$d" tc -s -j filter show dev "$d" ingress; item "egress:$d" tc -s -j filter show dev "$d" egress ;;
ingress) item "ingress:$d" tc -s -j filter show dev "$d" ingress ;; esac; done
item end :`,
  privilege: "none",
  timeoutMs: 10_000,
  maxBytes: 16_777_216,
  fact: TrafficControl,
  parse: (raw) => {
    const [first, ...rest] = parseItems(raw.stdout);
    const last = rest.pop();
    if (first?.name !== "qdiscs" || last?.name !== "end") throw new ParseError("tc: a part is missing");
    if (first.exit !== 0) throw new ParseError(`tc ended with exit ${first.exit}`);
    return {
      qdiscs: parseIpJson(asRaw(first), Qdisc),
      filters: rest.flatMap((item) => {
        const match = /^(ingress|egress):(.*)$/s.exec(item.name);
        if (!match) throw new ParseError(`tc: unexpected part ${item.name}`);
        // The interface went away between the two readings.
        if (item.exit !== 0) return [];
        const direction = match[1] === "egress" ? ("egress" as const) : ("ingress" as const);
        return parseIpJson(asRaw(item), Printed).map((filter) => ({ dev: match[2] ?? "", direction, ...filter }));
      }),
    };
  },
  sources: ["https://man7.org/linux/man-pages/man8/tc.8.html"],
  examples: [
    {
      name: "netem on one interface, a filter that drops on another",
      stdout:
        printItem(
          "qdiscs",
          '[{"kind":"netem","handle":"8003:","dev":"nic0","root":true,"refcnt":2,"options":{"limit":1000,"loss-random":{"loss":0.1,"correlation":0}},"bytes":0,"packets":0,"drops":3,"overlimits":0,"requeues":0,"backlog":0,"qlen":0},{"kind":"clsact","handle":"ffff:","dev":"vnet0","parent":"ffff:fff1","options":{},"bytes":0,"packets":0,"drops":0,"overlimits":0,"requeues":0,"backlog":0,"qlen":0}]\n',
        ) +
        printItem(
          "ingress:vnet0",
          '[{"protocol":"all","pref":49152,"kind":"matchall","chain":0},{"protocol":"all","pref":49152,"kind":"matchall","chain":0,"options":{"handle":1,"not_in_hw":true,"actions":[{"order":1,"kind":"gact","control_action":{"type":"drop"}}]}}]\n',
        ) +
        printItem("egress:vnet0", "[]\n") +
        printItem("end", ""),
      expect: {
        qdiscs: [
          {
            kind: "netem",
            handle: "8003:",
            dev: "nic0",
            root: true,
            options: { limit: 1000, "loss-random": { loss: 0.1, correlation: 0 } },
            bytes: 0,
            packets: 0,
            drops: 3,
            overlimits: 0,
            backlog: 0,
          },
          {
            kind: "clsact",
            handle: "ffff:",
            dev: "vnet0",
            parent: "ffff:fff1",
            options: {},
            bytes: 0,
            packets: 0,
            drops: 0,
            overlimits: 0,
            backlog: 0,
          },
        ],
        filters: [
          { dev: "vnet0", direction: "ingress", protocol: "all", pref: 49152, kind: "matchall", chain: 0 },
          {
            dev: "vnet0",
            direction: "ingress",
            protocol: "all",
            pref: 49152,
            kind: "matchall",
            chain: 0,
            options: {
              handle: 1,
              not_in_hw: true,
              actions: [{ order: 1, kind: "gact", control_action: { type: "drop" } }],
            },
          },
        ],
      },
    },
  ],
});
