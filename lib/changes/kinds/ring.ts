import { z } from "zod";
import { type Argv, defineKind } from "../define";
import { ofCard } from "../settles";
import { PlainDevice } from "../shapes";

/** Entries. No card has anything near a million; the bound keeps nonsense out. */
const Size = z.int().min(1).max(1_000_000);
const set = (device: string, size: number): Argv => ["ethtool", "-G", device, "rx", String(size)];

/** Receive ring of a NIC. */
export const kind = defineKind({
  schema: z.strictObject({ kind: z.literal("ring"), device: PlainDevice, to: Size, was: Size }),
  programs: ["ethtool"],
  steps: ({ device, to, was }) => ({ do: set(device, to), undo: set(device, was) }),
  touches: ({ device }) => [{ what: { device }, effect: "blinks" }],
  settles: ofCard,
  example: {
    change: { kind: "ring", device: "nic0", to: 4096, was: 256 },
    do: "ethtool -G nic0 rx 4096",
    undo: "ethtool -G nic0 rx 256",
  },
});
