import { z } from "zod";
import { defineKind } from "../define";
import { virsh } from "../link";
import { Mac, Uuid } from "../shapes";
import { opensOrCuts } from "../touch";

const State = z.enum(["up", "down"]);

/** The virtual cable of a running guest. By UUID and MAC: names may look like options. */
export const kind = defineKind({
  schema: z.strictObject({ kind: z.literal("domain-link"), uuid: Uuid, mac: Mac, to: State, was: State }),
  programs: ["virsh"],
  steps: ({ uuid, mac, to, was }) => ({
    do: virsh("domif-setlink", uuid, mac, to),
    undo: virsh("domif-setlink", uuid, mac, was),
  }),
  touches: ({ mac, to }) => [{ what: { mac }, effect: opensOrCuts(to === "up") }],
  settles: {
    ms: 5_000,
    because: {
      en: "5 s for the guest to notice its carrier and ask by ARP",
      zh: "5 秒用于虚拟机察觉载波并发出 ARP",
    },
  },
  example: {
    change: {
      kind: "domain-link",
      uuid: "5b000000-0000-4000-8000-000000000001",
      mac: "52:54:00:5b:00:01",
      to: "up",
      was: "down",
    },
    do: "virsh -q -c qemu:///system domif-setlink 5b000000-0000-4000-8000-000000000001 52:54:00:5b:00:01 up",
    undo: "virsh -q -c qemu:///system domif-setlink 5b000000-0000-4000-8000-000000000001 52:54:00:5b:00:01 down",
  },
});
