import { z } from "zod";
import { type Argv, defineKind } from "../define";
import { ofCard } from "../settles";
import { OnOff, PlainDevice } from "../shapes";

const set = (device: string, feature: string, state: string): Argv => ["ethtool", "-K", device, feature, state];

/** An offload of a NIC. */
export const kind = defineKind({
  schema: z.strictObject({
    kind: z.literal("offload"),
    device: PlainDevice,
    feature: z.enum(["lro"]),
    to: OnOff,
    was: OnOff,
  }),
  programs: ["ethtool"],
  steps: ({ device, feature, to, was }) => ({ do: set(device, feature, to), undo: set(device, feature, was) }),
  touches: ({ device }) => [{ what: { device }, effect: "blinks" }],
  settles: ofCard,
  example: {
    change: { kind: "offload", device: "nic0", feature: "lro", to: "off", was: "on" },
    do: "ethtool -K nic0 lro off",
    undo: "ethtool -K nic0 lro on",
  },
});
