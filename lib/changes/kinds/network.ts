import { z } from "zod";
import { type Argv, defineKind } from "../define";
import { virsh } from "../link";
import { Uuid } from "../shapes";
import { opensOrCuts } from "../touch";

const State = z.enum(["active", "inactive"]);
const set = (uuid: string, state: z.output<typeof State>): Argv => {
  return virsh(state === "active" ? "net-start" : "net-destroy", uuid);
};

/** Whether a network of libvirt's runs. */
export const kind = defineKind({
  schema: z.strictObject({ kind: z.literal("network"), uuid: Uuid, to: State, was: State }),
  programs: ["virsh"],
  steps: ({ uuid, to, was }) => ({ do: set(uuid, to), undo: set(uuid, was) }),
  touches: ({ to }) => [{ what: { all: "host" }, effect: opensOrCuts(to === "active") }],
  settles: {
    ms: 15_000,
    because: { en: "15 s for the bridge, its dnsmasq and its rules", zh: "15 秒用于网桥、dnsmasq 及其规则" },
  },
  example: {
    change: { kind: "network", uuid: "4e000000-0000-4000-8000-000000000001", to: "active", was: "inactive" },
    do: "virsh -q -c qemu:///system net-start 4e000000-0000-4000-8000-000000000001",
    undo: "virsh -q -c qemu:///system net-destroy 4e000000-0000-4000-8000-000000000001",
  },
});
