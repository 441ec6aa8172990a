import { z } from "zod";
import { defineProbe } from "./define";
import { afterGap, later, muchLater } from "./delays";
import { parseIpJson } from "./ip-json";
import { printItem } from "./items";
import { asRaw, partsOf } from "./parts";

/** One forwarding entry, named as iproute2's JSON names it. */
export const FdbEntry = z.object({
  mac: z.string(),
  /** The port (or VXLAN device) that the MAC is behind. */
  ifname: z.string().optional(),
  vlan: z.number().optional(),
  /** Remote VTEP of a VXLAN entry. */
  dst: z.string().optional(),
  port: z.number().optional(),
  vni: z.number().optional(),
  src_vni: z.number().optional(),
  viaIf: z.string().optional(),
  nhid: z.number().optional(),
  /** self, master, extern_learn, sticky, offload, router, locked... */
  flags: z.array(z.string()),
  /** Name of the bridge. */
  master: z.string().optional(),
  /** "" for a learned entry, permanent (own address), static, stale. */
  state: z.string(),
  /** Seconds. */
  used: z.number().optional(),
  updated: z.number().optional(),
});
export type FdbEntry = z.infer<typeof FdbEntry>;

/**
 * Forwarding database of all bridges and VXLAN devices.
 *
 * Sample (iproute2 6.1, shortened):
 * `[{"mac":"52:54:00:aa:00:01","ifname":"vnet0","used":2,"updated":2,"flags":[],"master":"br0","state":""},
 * {"mac":"33:33:00:00:00:01","ifname":"v1","flags":["self"],"state":"permanent"}]`
 */
export const probe = defineProbe({
  id: "bridge-fdb",
  title: { en: "Bridge forwarding table", zh: "网桥转发表" },
  tier: "fast",
  rereadOn: {
    "ip-monitor:come-or-gone": later,
    "ip-monitor:fdb": muchLater,
    "bridge-monitor:fdb": muchLater,
    "bridge-monitor:gap": afterGap,
  },
  volatile: ["used", "updated"],
  command: "bridge -s -j fdb show",
  script: "need bridge; item fdb bridge -s -j fdb show; iproute2_or_absent bridge",
  privilege: "none",
  timeoutMs: 10_000,
  maxBytes: 33_554_432,
  fact: z.array(FdbEntry),
  parse: (raw) => parseIpJson(asRaw(partsOf(raw, ["fdb"])("fdb")), FdbEntry),
  sources: ["https://man7.org/linux/man-pages/man8/bridge.8.html"],
  examples: [
    {
      name: "own multicast addresses",
      stdout: printItem("fdb", '[{"mac":"33:33:00:00:00:01","ifname":"v1","flags":["self"],"state":"permanent"}]'),
      expect: [{ mac: "33:33:00:00:00:01", ifname: "v1", flags: ["self"], state: "permanent" }],
    },
  ],
});
