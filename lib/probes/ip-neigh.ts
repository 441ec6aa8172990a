import { z } from "zod";
import { defineProbe } from "./define";
import { afterGap, later } from "./delays";
import { parseIpJson } from "./ip-json";
import { printItem } from "./items";
import { asRaw, partsOf } from "./parts";

/** One entry of the ARP or NDP table, named as iproute2's JSON names it, plus its family. */
export const Neighbour = z.object({
  family: z.enum(["inet", "inet6"]),
  dst: z.string(),
  dev: z.string().optional(),
  /** Missing while it is not known (INCOMPLETE, FAILED). */
  lladdr: z.string().optional(),
  /** REACHABLE, STALE, DELAY, PROBE, INCOMPLETE, FAILED, PERMANENT, NOARP. */
  state: z.array(z.string()),
  router: z.union([z.null(), z.boolean()]).optional(),
  proxy: z.union([z.null(), z.boolean()]).optional(),
  /** Seconds since it was used, confirmed, updated. */
  used: z.number().optional(),
  confirmed: z.number().optional(),
  updated: z.number().optional(),
  probes: z.number().optional(),
});
export type Neighbour = z.infer<typeof Neighbour>;

const Printed = Neighbour.omit({ family: true });

/**
 * Neighbour tables, IPv4 (ARP) then IPv6 (NDP).
 *
 * Sample (iproute2 6.1), per family, in an item each:
 * `[{"dst":"192.0.2.254","dev":"br0","lladdr":"02:00:00:00:00:fe","ref":1,"used":3,"confirmed":3,"updated":3,"probes":1,"state":["REACHABLE"]},
 * {"dst":"192.0.2.77","dev":"br0","used":8,"confirmed":9,"updated":5,"probes":6,"state":["FAILED"]}]`
 */
export const probe = defineProbe({
  id: "ip-neigh",
  title: { en: "Neighbours (ARP, NDP)", zh: "邻居表（ARP、NDP）" },
  tier: "fast",
  rereadOn: { "ip-monitor:neigh": later, "ip-monitor:gap": afterGap },
  volatile: ["used", "confirmed", "updated", "probes"],
  command: "ip -s -j neigh show; ip -6 -s -j neigh show",
  script: "need ip; item inet ip -4 -s -j neigh show; item inet6 ip -6 -s -j neigh show; iproute2_or_absent ip",
  privilege: "none",
  timeoutMs: 5_000,
  maxBytes: 8_388_608,
  fact: z.array(Neighbour),
  parse: (raw) => {
    const part = partsOf(raw, ["inet", "inet6"]);
    return (["inet", "inet6"] as const).flatMap((family) =>
      parseIpJson(asRaw(part(family)), Printed).map((entry) => ({ family, ...entry })),
    );
  },
  sources: ["https://man7.org/linux/man-pages/man8/ip-neighbour.8.html"],
  examples: [
    {
      name: "gateway pinned, another address failed",
      stdout:
        printItem(
          "inet",
          '[{"dst":"192.0.2.254","dev":"v1","lladdr":"02:00:00:00:00:fe","used":4,"confirmed":4,"updated":4,"probes":0,"state":["PERMANENT"]},{"dst":"192.0.2.77","dev":"v1","used":4,"confirmed":64,"updated":1,"probes":6,"state":["FAILED"]}]',
        ) + printItem("inet6", "[]"),
      expect: [
        {
          family: "inet",
          dst: "192.0.2.254",
          dev: "v1",
          lladdr: "02:00:00:00:00:fe",
          used: 4,
          confirmed: 4,
          updated: 4,
          probes: 0,
          state: ["PERMANENT"],
        },
        {
          family: "inet",
          dst: "192.0.2.77",
          dev: "v1",
          used: 4,
          confirmed: 64,
          updated: 1,
          probes: 6,
          state: ["FAILED"],
        },
      ],
    },
  ],
});
