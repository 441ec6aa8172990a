import { z } from "zod";
import { type Argv, defineKind } from "../define";
import { ofSetting } from "../settles";
import { Device, Mac, Vid } from "../shapes";

/** An entry of a bridge's forwarding table; null: none. */
const Entry = z.enum(["permanent", "static", "dynamic"]).nullable();

const Data = z.strictObject({
  kind: z.literal("fdb"),
  device: Device,
  mac: Mac,
  vid: Vid.optional(),
  to: Entry,
  was: Entry,
});

function set({ device, mac, vid }: z.output<typeof Data>, entry: z.output<typeof Entry>): Argv {
  const tag = vid === undefined ? [] : ["vlan", String(vid)];
  if (entry === null) return ["bridge", "fdb", "del", mac, "dev", device, "master", ...tag];
  return ["bridge", "fdb", "add", mac, "dev", device, "master", entry, ...tag];
}

/** Where a bridge's forwarding table says that a MAC lies: on this port, or nowhere. */
export const kind = defineKind({
  schema: Data,
  programs: ["bridge"],
  steps: (change) => ({ do: set(change, change.to), undo: set(change, change.was) }),
  touches: ({ device, mac }) => [
    { what: { mac }, effect: "moves" },
    { what: { device }, effect: "joins" },
  ],
  settles: ofSetting,
  example: {
    change: { kind: "fdb", device: "vnet1", mac: "52:54:00:5b:00:01", vid: 10, to: null, was: "static" },
    do: "bridge fdb del 52:54:00:5b:00:01 dev vnet1 master vlan 10",
    undo: "bridge fdb add 52:54:00:5b:00:01 dev vnet1 master static vlan 10",
  },
});
