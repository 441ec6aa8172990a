import { z } from "zod";
import { defineKind } from "../define";
import { ipLinkSet } from "../link";
import { Device } from "../shapes";

/**
 * Options of a bridge that may be set, with their largest values. Times in 1/100 s. forward_delay: 30 s are the most that the kernel takes
 * (BR_MAX_FORWARD_DELAY); ageing_time: 1,000,000 s are the most of IEEE 802.1D-2004 table 7-5.
 */
const largest: Readonly<Record<string, number>> = { forward_delay: 3_000, ageing_time: 100_000_000, mcast_querier: 1 };

const Value = z.int().min(0);
const set = (change: { readonly device: string; readonly option: string }, value: number) =>
  ipLinkSet(change, "type", "bridge", change.option, String(value));

/** One option of a Linux bridge. */
export const kind = defineKind({
  schema: z
    .strictObject({
      kind: z.literal("bridge-option"),
      device: Device,
      option: z.enum(["forward_delay", "ageing_time", "mcast_querier"]),
      to: Value,
      was: Value,
    })
    .refine(({ option, to, was }) => Math.max(to, was) <= (largest[option] ?? 0), "is out of the option's range"),
  programs: ["ip"],
  steps: (change) => ({ do: set(change, change.to), undo: set(change, change.was) }),
  touches: ({ device }) => [{ what: { device }, effect: "opens" }],
  settles: {
    ms: 15_000,
    because: { en: "15 s, in which members answer the first query", zh: "15 秒，期间组成员应答首次查询" },
  },
  example: {
    change: { kind: "bridge-option", device: "br0", option: "forward_delay", to: 200, was: 1500 },
    do: "ip link set dev br0 type bridge forward_delay 200",
    undo: "ip link set dev br0 type bridge forward_delay 1500",
  },
});
