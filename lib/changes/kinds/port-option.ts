import { z } from "zod";
import { type Argv, defineKind } from "../define";
import { ofLink } from "../settles";
import { Device } from "../shapes";
import { opensOrCuts } from "../touch";

/** Flags are on or off; `state` is 0 disabled, 3 forwarding, 4 blocking (bridge(8)), and only set where no spanning tree decides on it. */
const Value = z.enum(["on", "off", "0", "3", "4"]);
/** The value of each that lets frames pass. */
const passing: Readonly<Record<string, z.output<typeof Value>>> = {
  learning: "on",
  flood: "on",
  mcast_flood: "on",
  bcast_flood: "on",
  isolated: "off",
  locked: "off",
  neigh_suppress: "off",
  state: "3",
};

const set = (device: string, option: string, value: string): Argv => {
  return ["bridge", "link", "set", "dev", device, option, value];
};

/** One option of a bridge port. */
export const kind = defineKind({
  schema: z
    .strictObject({
      kind: z.literal("port-option"),
      device: Device,
      option: z.enum([
        ...(["learning", "flood", "mcast_flood", "bcast_flood"] as const),
        ...(["isolated", "locked", "neigh_suppress", "state"] as const),
      ]),
      to: Value,
      was: Value,
    })
    .refine(
      ({ option, to, was }) => [to, was].every((value) => /^\d$/.test(value) === (option === "state")),
      "is no value of this option",
    ),
  programs: ["bridge"],
  steps: ({ device, option, to, was }) => ({ do: set(device, option, to), undo: set(device, option, was) }),
  touches: ({ device, option, to }) => [{ what: { device }, effect: opensOrCuts(passing[option] === to) }],
  settles: ofLink,
  example: {
    change: { kind: "port-option", device: "vnet0", option: "state", to: "3", was: "4" },
    do: "bridge link set dev vnet0 state 3",
    undo: "bridge link set dev vnet0 state 4",
  },
});
