import { z } from "zod";
import { type Argv, defineKind } from "../define";
import { ofSetting } from "../settles";
import { Device, Vid } from "../shapes";

const set = (device: string, vid: number): Argv => {
  return ["bridge", "vlan", "add", "dev", device, "vid", String(vid), "pvid", "untagged"];
};

/** The VLAN that untagged frames of a bridge port belong to. A port has one at most: setting another takes its place. */
export const kind = defineKind({
  schema: z.strictObject({ kind: z.literal("pvid"), device: Device, to: Vid, was: Vid }),
  programs: ["bridge"],
  steps: ({ device, to, was }) => ({ do: set(device, to), undo: set(device, was) }),
  touches: ({ device }) => [{ what: { device }, effect: "moves" }],
  settles: ofSetting,
  example: {
    change: { kind: "pvid", device: "vnet0", to: 10, was: 20 },
    do: "bridge vlan add dev vnet0 vid 10 pvid untagged",
    undo: "bridge vlan add dev vnet0 vid 20 pvid untagged",
  },
});
