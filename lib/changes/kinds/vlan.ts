import { z } from "zod";
import { type Argv, defineKind } from "../define";
import { ofSetting } from "../settles";
import { Device, Vid } from "../shapes";
import { opensOrCuts } from "../touch";

/** How a port is a member of a VLAN; null: it is none. */
const Membership = z.strictObject({ pvid: z.boolean(), untagged: z.boolean() }).nullable();

function set(device: string, vid: number, member: z.output<typeof Membership>): Argv {
  const words = ["dev", device, "vid", String(vid)];
  if (member === null) return ["bridge", "vlan", "del", ...words];
  const flags = [...(member.pvid ? ["pvid"] : []), ...(member.untagged ? ["untagged"] : [])];
  return ["bridge", "vlan", "add", ...words, ...flags];
}

/** Membership of a bridge port in one VLAN. */
export const kind = defineKind({
  schema: z.strictObject({ kind: z.literal("vlan"), device: Device, vid: Vid, to: Membership, was: Membership }),
  programs: ["bridge"],
  steps: ({ device, vid, to, was }) => ({ do: set(device, vid, to), undo: set(device, vid, was) }),
  touches: ({ device, to }) => [{ what: { device }, effect: opensOrCuts(to !== null) }],
  settles: ofSetting,
  example: {
    change: { kind: "vlan", device: "vnet0", vid: 10, to: { pvid: true, untagged: true }, was: null },
    do: "bridge vlan add dev vnet0 vid 10 pvid untagged",
    undo: "bridge vlan del dev vnet0 vid 10",
  },
});
