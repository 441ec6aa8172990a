import { z } from "zod";
import { type Argv, defineKind } from "../define";

const Presence = z.enum(["loaded", "absent"]);
const set = (module: string, presence: z.output<typeof Presence>): Argv => {
  return presence === "loaded" ? ["modprobe", module] : ["modprobe", "-r", module];
};

/** A kernel module whose device guests need. */
export const kind = defineKind({
  schema: z.strictObject({
    kind: z.literal("module"),
    module: z.enum(["tun", "vhost_net", "kvm_intel", "kvm_amd"]),
    to: Presence,
    was: Presence,
  }),
  steps: ({ module, to, was }) => ({ do: set(module, to), undo: set(module, was) }),
  example: {
    change: { kind: "module", module: "vhost_net", to: "loaded", was: "absent" },
    do: "modprobe vhost_net",
    undo: "modprobe -r vhost_net",
  },
});
