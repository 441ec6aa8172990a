import { z } from "zod";
import { type Argv, defineKind } from "../define";
import { ofRules } from "../settles";
import { Mac } from "../shapes";
import { opensOrCuts } from "../touch";

/** A name that nft takes without quotes: its own rule for identifiers (nft(8), lexical conventions). */
const NftName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_./-]{0,63}$/, "is no name that nft takes");
const Presence = z.enum(["present", "absent"]);

const Data = z.strictObject({
  kind: z.literal("set-element"),
  family: z.enum(["bridge", "inet", "ip", "ip6"]),
  table: NftName,
  set: NftName,
  mac: Mac,
  to: Presence,
  was: Presence,
});

const put = ({ family, table, set, mac }: z.output<typeof Data>, presence: z.output<typeof Presence>): Argv => {
  return ["nft", presence === "present" ? "add" : "delete", "element", family, table, set, `{ ${mac} }`];
};

/** A MAC in a named set of nft. */
export const kind = defineKind({
  schema: Data,
  programs: ["nft"],
  steps: (change) => ({ do: put(change, change.to), undo: put(change, change.was) }),
  touches: ({ mac, to }) => [{ what: { mac }, effect: opensOrCuts(to === "present") }],
  settles: ofRules,
  example: {
    change: {
      ...({ kind: "set-element", family: "bridge", table: "guard", set: "macs" } as const),
      ...({ mac: "52:54:00:5b:00:01", to: "present", was: "absent" } as const),
    },
    do: "nft add element bridge guard macs { 52:54:00:5b:00:01 }",
    undo: "nft delete element bridge guard macs { 52:54:00:5b:00:01 }",
  },
});
