import { z } from "zod";
import { type Argv, defineKind } from "../define";
import { Device } from "../shapes";

const Presence = z.enum(["plain", "absent"]);
const set = (device: string, presence: z.output<typeof Presence>): Argv => {
  return ["ip", "tuntap", presence === "absent" ? "del" : "add", "dev", device, "mode", "tap"];
};

/** A TAP without owner, group and special modes: nothing else can be made again as it was. */
export const kind = defineKind({
  schema: z.strictObject({ kind: z.literal("tap"), device: Device, to: Presence, was: Presence }),
  steps: ({ device, to, was }) => ({ do: set(device, to), undo: set(device, was) }),
  example: {
    change: { kind: "tap", device: "tap7", to: "absent", was: "plain" },
    do: "ip tuntap del dev tap7 mode tap",
    undo: "ip tuntap add dev tap7 mode tap",
  },
});
