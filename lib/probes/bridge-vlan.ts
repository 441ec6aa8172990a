import { z } from "zod";
import { defineProbe } from "./define";
import { afterGap, later, soon } from "./delays";
import { parseIpJson } from "./ip-json";
import { printItem } from "./items";
import { asRaw, partsOf } from "./parts";

/** VLANs of one bridge port (or of the bridge itself), named as iproute2's JSON names them. */
export const PortVlans = z.object({
  ifname: z.string(),
  vlans: z.array(
    z.object({
      vlan: z.number().int(),
      /** Last of a range that starts at `vlan`. */
      vlanEnd: z.number().int().optional(),
      /** "PVID", "Egress Untagged". */
      flags: z.array(z.string()).optional(),
    }),
  ),
});
export type PortVlans = z.infer<typeof PortVlans>;

/**
 * VLAN membership of bridge ports. Ports have their default PVID 1 even on a bridge without VLAN filtering: see `bridge.vlan_filtering` of sysfs-net.
 *
 * Sample (iproute2 6.1):
 * `[{"ifname":"br0","vlans":[{"vlan":1,"flags":["PVID","Egress Untagged"]}]},{"ifname":"vnet0","vlans":[{"vlan":1,"flags":["PVID","Egress Untagged"]},
 * {"vlan":10,"vlanEnd":20}]}]`
 */
export const probe = defineProbe({
  id: "bridge-vlan",
  title: { en: "Bridge VLANs", zh: "网桥 VLAN" },
  tier: "fast",
  rereadOn: { "ip-monitor:come-or-gone": soon, "bridge-monitor:port": later, "bridge-monitor:gap": afterGap },
  command: "bridge -j vlan show",
  script: "need bridge; item vlans bridge -j vlan show; iproute2_or_absent bridge",
  privilege: "none",
  timeoutMs: 5_000,
  maxBytes: 8_388_608,
  fact: z.array(PortVlans),
  parse: (raw) => parseIpJson(asRaw(partsOf(raw, ["vlans"])("vlans")), PortVlans),
  sources: ["https://man7.org/linux/man-pages/man8/bridge.8.html"],
  examples: [{ name: "host without bridge", stdout: printItem("vlans", ""), expect: [] }],
});
