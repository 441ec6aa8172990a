import { z } from "zod";
import { type Argv, defineKind } from "../define";
import { virsh } from "../link";
import { ofRules } from "../settles";
import { OnOff, Uuid } from "../shapes";

const set = (uuid: string, state: z.output<typeof OnOff>): Argv => {
  return virsh("net-autostart", ...(state === "on" ? [] : ["--disable"]), uuid);
};

/** Whether a network of libvirt's starts with the host. Lasts: it is a link in libvirt's own folder. */
export const kind = defineKind({
  schema: z.strictObject({ kind: z.literal("network-autostart"), uuid: Uuid, to: OnOff, was: OnOff }),
  programs: ["virsh"],
  steps: ({ uuid, to, was }) => ({ do: set(uuid, to), undo: set(uuid, was) }),
  touches: () => [{ what: { all: "host" }, effect: "opens" }],
  settles: ofRules,
  example: {
    change: { kind: "network-autostart", uuid: "4e000000-0000-4000-8000-000000000001", to: "on", was: "off" },
    do: "virsh -q -c qemu:///system net-autostart 4e000000-0000-4000-8000-000000000001",
    undo: "virsh -q -c qemu:///system net-autostart --disable 4e000000-0000-4000-8000-000000000001",
  },
});
