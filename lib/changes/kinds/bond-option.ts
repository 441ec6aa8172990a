import { z } from "zod";
import { defineKind } from "../define";
import { ipLinkSet } from "../link";
import { Device } from "../shapes";

/** miimon in ms; 0: off. A minute is a bound of ours: a link that is looked at less often is not watched. */
const Value = z.int().min(0).max(60_000);
const set = (change: { readonly device: string; readonly option: string }, value: number) =>
  ipLinkSet(change, "type", "bond", change.option, String(value));

/** One option of a bond. */
export const kind = defineKind({
  schema: z.strictObject({
    kind: z.literal("bond-option"),
    device: Device,
    option: z.enum(["miimon"]),
    to: Value,
    was: Value,
  }),
  programs: ["ip"],
  steps: (change) => ({ do: set(change, change.to), undo: set(change, change.was) }),
  touches: ({ device }) => [{ what: { device }, effect: "blinks" }],
  settles: {
    ms: 3_000,
    because: {
      en: "3 s, in which a member that is already dead is found and left",
      zh: "3 秒，期间发现并停用已失效的成员",
    },
  },
  example: {
    change: { kind: "bond-option", device: "bond0", option: "miimon", to: 100, was: 0 },
    do: "ip link set dev bond0 type bond miimon 100",
    undo: "ip link set dev bond0 type bond miimon 0",
  },
});
