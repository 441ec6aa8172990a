import { z } from "zod";
import { defineKind } from "../define";
import { virsh } from "../link";
import { Uuid } from "../shapes";

/** A guest of libvirt's that is started or resumed. By UUID: a name may look like an option or a number. */
export const kind = defineKind({
  schema: z.strictObject({
    kind: z.literal("domain"),
    uuid: Uuid,
    to: z.literal("running"),
    was: z.enum(["paused", "shut off"]),
  }),
  programs: ["virsh"],
  steps: ({ uuid, was }) =>
    was === "paused"
      ? { do: virsh("resume", uuid), undo: virsh("suspend", uuid) }
      : { do: virsh("start", uuid), undo: virsh("destroy", uuid) },
  touches: ({ uuid }) => [{ what: { guest: uuid }, effect: "starts" }],
  settles: { ms: 15_000, because: { en: "15 s for QEMU to start", zh: "15 秒用于 QEMU 启动" } },
  example: {
    change: { kind: "domain", uuid: "5b000000-0000-4000-8000-000000000001", to: "running", was: "shut off" },
    do: "virsh -q -c qemu:///system start 5b000000-0000-4000-8000-000000000001",
    undo: "virsh -q -c qemu:///system destroy 5b000000-0000-4000-8000-000000000001",
  },
});
