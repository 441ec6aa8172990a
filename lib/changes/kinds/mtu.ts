import { z } from "zod";
import { defineKind } from "../define";
import { ipLinkSet } from "../link";
import { ofLink } from "../settles";
import { Device, Netns } from "../shapes";

/** 68 is the least that IPv4 works with (RFC 791); 65536 is the loopback's, the largest that a device of the kernel has. */
const Mtu = z.int().min(68).max(65_536);

/** MTU of an interface, bytes. */
export const kind = defineKind({
  schema: z.strictObject({
    kind: z.literal("mtu"),
    device: Device,
    netns: Netns.optional(),
    to: Mtu,
    was: Mtu,
  }),
  programs: ["ip"],
  steps: (change) => ({
    do: ipLinkSet(change, "mtu", String(change.to)),
    undo: ipLinkSet(change, "mtu", String(change.was)),
  }),
  touches: ({ device, netns }) => [
    // Many drivers take the card down and up for it.
    { what: { device, netns }, effect: "blinks" },
  ],
  settles: ofLink,
  example: {
    change: { kind: "mtu", device: "nic1", to: 1500, was: 1400 },
    do: "ip link set dev nic1 mtu 1500",
    undo: "ip link set dev nic1 mtu 1400",
  },
});
