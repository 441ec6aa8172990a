import { z } from "zod";
import { defineProbe } from "./define";
import { afterGap, soon } from "./delays";
import { parseIpJson } from "./ip-json";
import { printItem } from "./items";
import { asRaw, partsOf } from "./parts";

const Via = z.object({ family: z.string(), host: z.string() });

/** One route, named as iproute2's JSON names it, plus its family. */
export const Route = z.object({
  family: z.enum(["inet", "inet6"]),
  /** unicast, local, broadcast, unreachable, blackhole, prohibit, throw, multicast, anycast... */
  type: z.string().optional(),
  /** "default", an address or a prefix. */
  dst: z.string(),
  from: z.string().optional(),
  gateway: z.string().optional(),
  /** Next hop of another family (IPv4 route by an IPv6 gateway). */
  via: Via.optional(),
  /** Missing on multipath routes (see nexthops) and on unreachable ones. */
  dev: z.string().optional(),
  /** "main", "local", or a number as text. */
  table: z.string().optional(),
  protocol: z.string().optional(),
  scope: z.string().optional(),
  prefsrc: z.string().optional(),
  metric: z.number().optional(),
  pref: z.string().optional(),
  /** linkdown, dead, onlink... */
  flags: z.array(z.string()).optional(),
  metrics: z.array(z.record(z.string(), z.unknown())).optional(),
  nexthops: z
    .array(
      z.object({
        gateway: z.string().optional(),
        via: Via.optional(),
        dev: z.string().optional(),
        weight: z.number().optional(),
        flags: z.array(z.string()).optional(),
      }),
    )
    .optional(),
});
export type Route = z.infer<typeof Route>;

const Printed = Route.omit({ family: true });

/**
 * Routes of all tables, IPv4 then IPv6.
 *
 * Sample (iproute2 6.1), per family, in an item each:
 * `[{"type":"unicast","dst":"default","gateway":"192.0.2.254","dev":"br0","table":"main","protocol":"boot","scope":"global","flags":[]},
 * {"type":"local","dst":"127.0.0.1","dev":"lo","table":"local","protocol":"kernel","scope":"host","prefsrc":"127.0.0.1","flags":[]}]`
 */
export const probe = defineProbe({
  id: "ip-route",
  title: { en: "Routes", zh: "路由" },
  tier: "fast",
  rereadOn: { "ip-monitor:route": soon, "ip-monitor:gap": afterGap },
  command: "ip -d -j route show table all; ip -6 -d -j route show table all",
  script:
    "need ip; item inet ip -4 -d -j route show table all; item inet6 ip -6 -d -j route show table all; iproute2_or_absent ip",
  privilege: "none",
  timeoutMs: 5_000,
  maxBytes: 16_777_216,
  fact: z.array(Route),
  parse: (raw) => {
    const part = partsOf(raw, ["inet", "inet6"]);
    return (["inet", "inet6"] as const).flatMap((family) =>
      parseIpJson(asRaw(part(family)), Printed).map((route) => ({ family, ...route })),
    );
  },
  sources: ["https://man7.org/linux/man-pages/man8/ip-route.8.html"],
  examples: [
    {
      name: "unreachable prefix, local address, IPv6 link-local net",
      stdout:
        printItem(
          "inet",
          '[{"type":"unreachable","dst":"203.0.113.0/24","table":"main","protocol":"boot","scope":"global","flags":[]},{"type":"local","dst":"10.9.9.1","dev":"v1","table":"local","protocol":"kernel","scope":"host","prefsrc":"10.9.9.1","flags":[]},{"type":"unicast","dst":"default","gateway":"10.9.9.2","dev":"v1","table":"main","protocol":"boot","scope":"global","flags":[]}]',
        ) +
        printItem(
          "inet6",
          '[{"type":"unicast","dst":"fe80::/64","dev":"v1","table":"main","protocol":"kernel","scope":"global","metric":256,"flags":[],"pref":"medium"}]',
        ),
      expect: [
        {
          family: "inet",
          type: "unreachable",
          dst: "203.0.113.0/24",
          table: "main",
          protocol: "boot",
          scope: "global",
          flags: [],
        },
        {
          family: "inet",
          type: "local",
          dst: "10.9.9.1",
          dev: "v1",
          table: "local",
          protocol: "kernel",
          scope: "host",
          prefsrc: "10.9.9.1",
          flags: [],
        },
        {
          family: "inet",
          type: "unicast",
          dst: "default",
          gateway: "10.9.9.2",
          dev: "v1",
          table: "main",
          protocol: "boot",
          scope: "global",
          flags: [],
        },
        {
          family: "inet6",
          type: "unicast",
          dst: "fe80::/64",
          dev: "v1",
          table: "main",
          protocol: "kernel",
          scope: "global",
          metric: 256,
          flags: [],
          pref: "medium",
        },
      ],
    },
  ],
});
