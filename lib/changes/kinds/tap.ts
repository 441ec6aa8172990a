import { z } from "zod";
import { type Argv, defineKind } from "../define";
import { Device } from "../shapes";
import { opensOrCuts } from "../touch";

const Presence = z.enum(["plain", "absent"]);
const set = (device: string, presence: z.output<typeof Presence>): Argv => {
  return ["ip", "tuntap", presence === "absent" ? "del" : "add", "dev", device, "mode", "tap"];
};

/** A TAP without owner, group and special modes: nothing else can be made again as it was. */
export const kind = defineKind({
  schema: z.strictObject({ kind: z.literal("tap"), device: Device, to: Presence, was: Presence }),
  programs: ["ip"],
  steps: ({ device, to, was }) => ({ do: set(device, to), undo: set(device, was) }),
  touches: ({ device, to }) => [{ what: { device }, effect: opensOrCuts(to === "plain") }],
  settles: { ms: 2_000, because: { en: "2 s for the kernel to take it away", zh: "2 秒用于内核将其移除" } },
  example: {
    change: { kind: "tap", device: "tap7", to: "absent", was: "plain" },
    do: "ip tuntap del dev tap7 mode tap",
    undo: "ip tuntap add dev tap7 mode tap",
  },
});
