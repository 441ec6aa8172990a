import { z } from "zod";
import { defineProbe } from "./define";
import { parseIpJson } from "./ip-json";
import { printItem } from "./items";
import { asRaw, partsOf } from "./parts";

export const MulticastEntry = z.object({
  /** Bridge. */
  dev: z.string(),
  port: z.string(),
  /** Group address, IPv4, IPv6 or MAC. */
  grp: z.string(),
  vid: z.number().optional(),
  /** temp: learned by IGMP or MLD. permanent: put there by hand. */
  state: z.string().optional(),
  flags: z.array(z.string()).optional(),
});
export type MulticastEntry = z.infer<typeof MulticastEntry>;

export const MulticastTable = z.object({
  entries: z.array(MulticastEntry),
  /** Ports behind which a multicast router was heard. */
  routers: z.array(z.object({ bridge: z.string(), port: z.string() })),
});
export type MulticastTable = z.infer<typeof MulticastTable>;

const Printed = z.object({
  mdb: z.array(MulticastEntry).default([]),
  router: z.record(z.string(), z.array(z.object({ port: z.string() }))).default({}),
});

/**
 * Multicast groups by bridge port, and the ports that lead to multicast routers.
 *
 * Sample (iproute2 6.1): `[{"mdb":[{"index":6,"dev":"br0","port":"vnet0","grp":"ff02::1:ff5b:1","state":"temp","protocol":"kernel","flags":[]}],"router":{}}]`
 */
export const probe = defineProbe({
  id: "bridge-mdb",
  title: { en: "Bridge multicast table", zh: "网桥组播表" },
  tier: "slow",
  command: "bridge -d -j mdb show",
  script: "need bridge; item mdb bridge -d -j mdb show; iproute2_or_absent bridge",
  privilege: "none",
  timeoutMs: 5_000,
  maxBytes: 8_388_608,
  fact: MulticastTable,
  parse: (raw) => {
    const printed = parseIpJson(asRaw(partsOf(raw, ["mdb"])("mdb")), Printed);
    return {
      entries: printed.flatMap(({ mdb }) => mdb),
      routers: printed.flatMap(({ router }) =>
        Object.entries(router).flatMap(([bridge, ports]) => ports.map(({ port }) => ({ bridge, port }))),
      ),
    };
  },
  sources: ["https://man7.org/linux/man-pages/man8/bridge.8.html"],
  examples: [
    {
      name: "one group, one router port",
      stdout: printItem(
        "mdb",
        '[{"mdb":[{"index":6,"dev":"br0","port":"vnet0","grp":"ff02::1:ff5b:1","state":"temp","protocol":"kernel","flags":[]}],"router":{"br0":[{"index":5,"port":"bond0","timer":"  118.20","type":"temp"}]}}]\n',
      ),
      expect: {
        entries: [{ dev: "br0", port: "vnet0", grp: "ff02::1:ff5b:1", state: "temp", flags: [] }],
        routers: [{ bridge: "br0", port: "bond0" }],
      },
    },
  ],
});
