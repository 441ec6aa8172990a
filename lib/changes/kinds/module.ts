import { z } from "zod";
import { type Argv, defineKind } from "../define";
import { opensOrCuts } from "../touch";

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
  programs: ["modprobe"],
  steps: ({ module, to, was }) => ({ do: set(module, to), undo: set(module, was) }),
  touches: ({ to }) => [{ what: { all: "host" }, effect: opensOrCuts(to === "loaded") }],
  settles: { ms: 5_000, because: { en: "5 s for udev to make the device node", zh: "5 秒用于 udev 创建设备节点" } },
  example: {
    change: { kind: "module", module: "vhost_net", to: "loaded", was: "absent" },
    do: "modprobe vhost_net",
    undo: "modprobe -r vhost_net",
  },
});
