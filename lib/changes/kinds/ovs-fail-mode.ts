import { z } from "zod";
import { type Argv, defineKind } from "../define";
import { OvsName } from "../shapes";

const Mode = z.enum(["standalone", "secure"]);
const set = (bridge: string, mode: string): Argv => ["ovs-vsctl", "--timeout=10", "set-fail-mode", bridge, mode];

/** What an Open vSwitch bridge does without a controller: learn like any switch, or nothing. */
export const kind = defineKind({
  schema: z.strictObject({ kind: z.literal("ovs-fail-mode"), bridge: OvsName, to: Mode, was: Mode }),
  steps: ({ bridge, to, was }) => ({ do: set(bridge, to), undo: set(bridge, was) }),
  example: {
    change: { kind: "ovs-fail-mode", bridge: "ovs0", to: "standalone", was: "secure" },
    do: "ovs-vsctl --timeout=10 set-fail-mode ovs0 standalone",
    undo: "ovs-vsctl --timeout=10 set-fail-mode ovs0 secure",
  },
});
