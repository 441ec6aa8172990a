import { z } from "zod";
import { type Argv, defineKind } from "../define";
import { ofVswitchd } from "../settles";
import { OvsName } from "../shapes";

/** A column that holds a VLAN takes 0 to 4095 (vswitch.ovsschema). A port has a tag or trunks; without either it carries all VLANs. */
const Tag = z.int().min(0).max(4095);
const Vlans = z.strictObject({ tag: Tag.optional(), trunks: z.array(Tag).max(4096) });

const set = (port: string, { tag, trunks }: z.output<typeof Vlans>): Argv => [
  ...(["ovs-vsctl", "--timeout=10", "set", "port", port] as const),
  `tag=${tag ?? "[]"}`,
  `trunks=[${trunks.join(",")}]`,
];

/** VLANs of a port of Open vSwitch. */
export const kind = defineKind({
  schema: z.strictObject({ kind: z.literal("ovs-vlan"), port: OvsName, to: Vlans, was: Vlans }),
  programs: ["ovs-vsctl"],
  steps: ({ port, to, was }) => ({ do: set(port, to), undo: set(port, was) }),
  touches: ({ port }) => [{ what: { ovs: port }, effect: "moves" }],
  settles: ofVswitchd,
  example: {
    change: { kind: "ovs-vlan", port: "vnet0", to: { tag: 10, trunks: [] }, was: { trunks: [10, 20] } },
    do: "ovs-vsctl --timeout=10 set port vnet0 tag=10 trunks=[]",
    undo: "ovs-vsctl --timeout=10 set port vnet0 tag=[] trunks=[10,20]",
  },
});
