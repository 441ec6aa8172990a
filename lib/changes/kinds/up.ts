import { z } from "zod";
import { defineKind } from "../define";
import { ipLinkSet } from "../link";
import { ofLink } from "../settles";
import { Device, Netns } from "../shapes";
import { opensOrCuts } from "../touch";

const State = z.enum(["up", "down"]);

/** Administrative state of an interface. */
export const kind = defineKind({
  schema: z.strictObject({
    kind: z.literal("up"),
    device: Device,
    netns: Netns.optional(),
    to: State,
    was: State,
  }),
  programs: ["ip"],
  steps: (change) => ({ do: ipLinkSet(change, change.to), undo: ipLinkSet(change, change.was) }),
  touches: ({ device, netns, to }) => [{ what: { device, netns }, effect: opensOrCuts(to === "up") }],
  settles: ofLink,
  example: {
    change: { kind: "up", device: "tap0", netns: "blue", to: "up", was: "down" },
    do: "ip -n blue link set dev tap0 up",
    undo: "ip -n blue link set dev tap0 down",
  },
});
