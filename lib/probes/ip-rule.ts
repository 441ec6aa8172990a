import { z } from "zod";
import { defineProbe } from "./define";
import { parseIpJson } from "./ip-json";
import { printItem } from "./items";
import { asRaw, partsOf } from "./parts";

/** One policy routing rule, named as iproute2's JSON names it, plus its family. */
export const Rule = z.object({
  family: z.enum(["inet", "inet6"]),
  priority: z.number(),
  /** "all" or an address; `srclen` is its prefix length where it is not a single address. */
  src: z.string().optional(),
  srclen: z.number().optional(),
  dst: z.string().optional(),
  dstlen: z.number().optional(),
  /** Hexadecimal with 0x. */
  fwmark: z.string().optional(),
  fwmask: z.string().optional(),
  iif: z.string().optional(),
  oif: z.string().optional(),
  table: z.string().optional(),
  action: z.string().optional(),
  goto: z.union([z.number(), z.string()]).optional(),
  protocol: z.string().optional(),
  /** Older iproute2 prints null for a set flag, newer ones true. */
  not: z.union([z.null(), z.boolean()]).optional(),
  l3mdev: z.union([z.null(), z.boolean()]).optional(),
  suppress_prefixlen: z.number().optional(),
});
export type Rule = z.infer<typeof Rule>;

const Printed = Rule.omit({ family: true });

/**
 * Policy routing rules, IPv4 then IPv6. A kernel without policy routing or IPv6 has an empty list for it.
 *
 * Sample (iproute2 6.1), per family, in an item each:
 * `[{"priority":0,"src":"all","table":"local"},{"priority":100,"src":"192.0.2.0","srclen":24,"fwmark":"0x1","fwmask":"0xff","iif":"br0",
 * "iif_detached":null,"table":"100"},{"priority":32766,"src":"all","table":"main"}]`
 */
export const probe = defineProbe({
  id: "ip-rule",
  title: { en: "Policy routing rules", zh: "策略路由规则" },
  tier: "slow",
  command: "ip -j rule show; ip -6 -j rule show",
  script: "need ip; item inet ip -4 -j rule show; item inet6 ip -6 -j rule show; iproute2_or_absent ip",
  privilege: "none",
  timeoutMs: 5_000,
  maxBytes: 4_194_304,
  fact: z.array(Rule),
  parse: (raw) => {
    const part = partsOf(raw, ["inet", "inet6"]);
    return (["inet", "inet6"] as const).flatMap((family) =>
      parseIpJson(asRaw(part(family)), Printed).map((rule) => ({ family, ...rule })),
    );
  },
  sources: ["https://man7.org/linux/man-pages/man8/ip-rule.8.html"],
  examples: [
    {
      name: "the default rules and one by mark and interface",
      stdout:
        printItem(
          "inet",
          '[{"priority":0,"src":"all","table":"local"},{"priority":100,"src":"192.0.2.0","srclen":24,"fwmark":"0x1","fwmask":"0xff","iif":"br0","iif_detached":null,"table":"100"},{"priority":32766,"src":"all","table":"main"},{"priority":32767,"src":"all","table":"default"}]',
        ) +
        printItem(
          "inet6",
          '[{"priority":0,"src":"all","table":"local"},{"priority":32766,"src":"all","table":"main"}]',
        ),
      expect: [
        { family: "inet", priority: 0, src: "all", table: "local" },
        {
          family: "inet",
          priority: 100,
          src: "192.0.2.0",
          srclen: 24,
          fwmark: "0x1",
          fwmask: "0xff",
          iif: "br0",
          table: "100",
        },
        { family: "inet", priority: 32766, src: "all", table: "main" },
        { family: "inet", priority: 32767, src: "all", table: "default" },
        { family: "inet6", priority: 0, src: "all", table: "local" },
        { family: "inet6", priority: 32766, src: "all", table: "main" },
      ],
    },
  ],
});
