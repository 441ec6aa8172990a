import { z } from "zod";
import { type Argv, defineKind } from "../define";
import { PlainDevice } from "../shapes";

const YesNo = z.enum(["yes", "no"]);
const set = (device: string, managed: string): Argv => ["nmcli", "device", "set", device, "managed", managed];

/** Whether NetworkManager looks after an interface. nmcli takes it by its bare name only. */
export const kind = defineKind({
  schema: z.strictObject({ kind: z.literal("managed"), device: PlainDevice, to: YesNo, was: YesNo }),
  steps: ({ device, to, was }) => ({ do: set(device, to), undo: set(device, was) }),
  example: {
    change: { kind: "managed", device: "nic0", to: "no", was: "yes" },
    do: "nmcli device set nic0 managed no",
    undo: "nmcli device set nic0 managed yes",
  },
});
