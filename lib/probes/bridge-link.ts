import { z } from "zod";
import { defineProbe } from "./define";
import { afterGap, soon } from "./delays";
import { parseIpJson } from "./ip-json";
import { printItem } from "./items";
import { asRaw, partsOf } from "./parts";

/** One bridge port, named as iproute2's JSON names it. Flags that this kernel or iproute2 does not know are undefined. */
export const BridgePort = z.object({
  ifindex: z.number().int().positive(),
  ifname: z.string(),
  /** Lower device by name (VLAN) or veth peer. */
  link: z.string().optional(),
  flags: z.array(z.string()),
  mtu: z.number(),
  /** Name of the bridge. Missing on a device that only has hardware bridge settings. */
  master: z.string().optional(),
  /** STP state: disabled, listening, learning, forwarding, blocking. */
  state: z.string().optional(),
  priority: z.number().optional(),
  cost: z.number().optional(),
  hwmode: z.string().optional(),
  hairpin: z.boolean().optional(),
  /** BPDU guard. */
  guard: z.boolean().optional(),
  root_block: z.boolean().optional(),
  fastleave: z.boolean().optional(),
  learning: z.boolean().optional(),
  /** Unknown unicast flood. */
  flood: z.boolean().optional(),
  mcast_flood: z.boolean().optional(),
  bcast_flood: z.boolean().optional(),
  mcast_to_unicast: z.boolean().optional(),
  mcast_router: z.number().optional(),
  neigh_suppress: z.boolean().optional(),
  vlan_tunnel: z.boolean().optional(),
  isolated: z.boolean().optional(),
  locked: z.boolean().optional(),
  mab: z.boolean().optional(),
});
export type BridgePort = z.infer<typeof BridgePort>;

/**
 * Ports of Linux bridges with their flags.
 *
 * Sample (iproute2 6.1, shortened):
 * `[{"ifindex":7,"ifname":"vnet0","flags":["BROADCAST","MULTICAST","UP","LOWER_UP"],"mtu":1500,"master":"br0","state":"forwarding","priority":32,
 * "cost":100,"hairpin":false,"guard":false,...,"learning":true,"flood":true,"mcast_flood":true,"isolated":false,"locked":false}]`
 */
export const probe = defineProbe({
  id: "bridge-link",
  title: { en: "Bridge ports", zh: "网桥端口" },
  tier: "fast",
  rereadOn: { "ip-monitor:link": soon, "bridge-monitor:port": soon, "bridge-monitor:gap": afterGap },
  command: "bridge -d -s -j link show",
  script: "need bridge; item ports bridge -d -s -j link show; iproute2_or_absent bridge",
  privilege: "none",
  timeoutMs: 5_000,
  maxBytes: 8_388_608,
  fact: z.array(BridgePort),
  parse: (raw) => parseIpJson(asRaw(partsOf(raw, ["ports"])("ports")), BridgePort),
  sources: ["https://man7.org/linux/man-pages/man8/bridge.8.html"],
  examples: [{ name: "host without bridge", stdout: printItem("ports", ""), expect: [] }],
});
