import { z } from "zod";
import { defineKind } from "../define";
import { ofVswitchd } from "../settles";
import { OvsName } from "../shapes";

/** A column that holds a VLAN takes 0 to 4095 (vswitch.ovsschema). */
const Tag = z.int().min(0).max(4095);

/** How a port treats VLANs, where that does not follow from its tag and trunks (vswitch.ovsschema). */
export const VlanMode = z.enum(["access", "dot1q-tunnel", "native-tagged", "native-untagged", "trunk"]);

/** What a port had of VLANs: it is put back with it. */
const Port = z.strictObject({
  tag: Tag.optional(),
  trunks: z.array(Tag).max(4096),
  vlanMode: VlanMode.optional(),
});

/** A port of an Open vSwitch bridge whose device is gone, deleted. */
export const kind = defineKind({
  schema: z.strictObject({
    kind: z.literal("ovs-port"),
    bridge: OvsName,
    port: OvsName,
    to: z.literal("absent"),
    was: Port,
  }),
  programs: ["ovs-vsctl"],
  steps: ({ bridge, port, was }) => ({
    do: ["ovs-vsctl", "--no-wait", "--if-exists", "del-port", bridge, port],
    undo: [
      ...(["ovs-vsctl", "--no-wait", "--may-exist", "add-port", bridge, port] as const),
      ...(was.tag === undefined ? [] : [`tag=${was.tag}`]),
      ...(was.trunks.length === 0 ? [] : [`trunks=${was.trunks.join(",")}`]),
      ...(was.vlanMode === undefined ? [] : [`vlan_mode=${was.vlanMode}`]),
    ],
  }),
  touches: ({ bridge, port }) => [
    { what: { ovs: port }, effect: "cuts" },
    { what: { ovs: bridge }, effect: "joins" },
  ],
  settles: ofVswitchd,
  example: {
    change: {
      ...({ kind: "ovs-port", bridge: "ovs0", port: "gone0", to: "absent" } as const),
      was: { trunks: [10, 20], vlanMode: "trunk" },
    },
    do: "ovs-vsctl --no-wait --if-exists del-port ovs0 gone0",
    undo: "ovs-vsctl --no-wait --may-exist add-port ovs0 gone0 trunks=10,20 vlan_mode=trunk",
  },
});
