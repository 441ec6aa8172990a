import { z } from "zod";
import { type Argv, defineKind } from "../define";
import { PlainDevice } from "../shapes";

const YesNo = z.enum(["yes", "no"]);
const set = (device: string, managed: string): Argv => ["nmcli", "device", "set", device, "managed", managed];

/** Whether NetworkManager looks after an interface. nmcli takes it by its bare name only. */
export const kind = defineKind({
  schema: z.strictObject({ kind: z.literal("managed"), device: PlainDevice, to: YesNo, was: YesNo }),
  programs: ["nmcli"],
  steps: ({ device, to, was }) => ({ do: set(device, to), undo: set(device, was) }),
  touches: ({ device }) => [
    // It may take the addresses that it has set off the interface when it lets go.
    { what: { device }, effect: "blinks" },
  ],
  settles: { ms: 10_000, because: { en: "10 s for NetworkManager to let go", zh: "10 秒用于 NetworkManager 放手" } },
  example: {
    change: { kind: "managed", device: "nic0", to: "no", was: "yes" },
    do: "nmcli device set nic0 managed no",
    undo: "nmcli device set nic0 managed yes",
  },
});
