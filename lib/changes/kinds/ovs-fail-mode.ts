import { z } from "zod";
import { type Argv, defineKind } from "../define";
import { ofVswitchd } from "../settles";
import { OvsName } from "../shapes";
import { opensOrCuts } from "../touch";

const Mode = z.enum(["standalone", "secure"]);
const set = (bridge: string, mode: string): Argv => ["ovs-vsctl", "--timeout=10", "set-fail-mode", bridge, mode];

/** What an Open vSwitch bridge does without a controller: learn like any switch, or nothing. */
export const kind = defineKind({
  schema: z.strictObject({ kind: z.literal("ovs-fail-mode"), bridge: OvsName, to: Mode, was: Mode }),
  programs: ["ovs-vsctl"],
  steps: ({ bridge, to, was }) => ({ do: set(bridge, to), undo: set(bridge, was) }),
  touches: ({ bridge, to }) => [{ what: { ovs: bridge }, effect: opensOrCuts(to === "standalone") }],
  settles: ofVswitchd,
  example: {
    change: { kind: "ovs-fail-mode", bridge: "ovs0", to: "standalone", was: "secure" },
    do: "ovs-vsctl --timeout=10 set-fail-mode ovs0 standalone",
    undo: "ovs-vsctl --timeout=10 set-fail-mode ovs0 secure",
  },
});
