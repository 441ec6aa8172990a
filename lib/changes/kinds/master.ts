import { z } from "zod";
import { defineKind } from "../define";
import { ipLinkSet } from "../link";
import { ofLink } from "../settles";
import { Device, Netns } from "../shapes";

const words = (master: string | null): string[] => (master === null ? ["nomaster"] : ["master", master]);

/** The bridge or bond that an interface belongs to; null: none. */
export const kind = defineKind({
  schema: z.strictObject({
    kind: z.literal("master"),
    device: Device,
    netns: Netns.optional(),
    to: Device.nullable(),
    was: Device.nullable(),
  }),
  programs: ["ip"],
  steps: (change) => ({
    do: ipLinkSet(change, ...words(change.to)),
    undo: ipLinkSet(change, ...words(change.was)),
  }),
  touches: ({ device, netns, to, was }) => [
    { what: { device, netns }, effect: to === null ? "cuts" : "moves" },
    ...[to, was].flatMap((name) =>
      name === null ? [] : [{ what: { device: name, netns }, effect: "joins" } as const],
    ),
  ],
  settles: ofLink,
  example: {
    change: { kind: "master", device: "vnet0", to: "br0", was: null },
    do: "ip link set dev vnet0 master br0",
    undo: "ip link set dev vnet0 nomaster",
  },
});
