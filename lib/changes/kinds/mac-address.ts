import { z } from "zod";
import { defineKind } from "../define";
import { ipLinkSet } from "../link";
import { Device, Mac } from "../shapes";

/** MAC of an interface. One that was chosen stays with a bridge whatever joins it. */
export const kind = defineKind({
  schema: z.strictObject({ kind: z.literal("mac-address"), device: Device, to: Mac, was: Mac }),
  programs: ["ip"],
  steps: (change) => ({
    do: ipLinkSet(change, "address", change.to),
    undo: ipLinkSet(change, "address", change.was),
  }),
  touches: ({ device }) => [{ what: { device }, effect: "blinks" }],
  settles: {
    ms: 5_000,
    because: { en: "5 s for neighbours to learn the new MAC", zh: "5 秒用于邻居学习新的 MAC" },
  },
  example: {
    change: { kind: "mac-address", device: "br0", to: "52:54:00:4c:00:10", was: "02:00:00:00:00:01" },
    do: "ip link set dev br0 address 52:54:00:4c:00:10",
    undo: "ip link set dev br0 address 02:00:00:00:00:01",
  },
});
