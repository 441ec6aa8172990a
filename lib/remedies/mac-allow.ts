import { kind } from "../changes/kinds/set-element";
import type { Remedy } from "./define";
import { guestsBehind } from "./guests";

/** Adds a guest's MAC to the nft set of those that are allowed. */
export const remedy: Remedy = {
  id: "mac-allow",
  title: { en: "Add the MAC to the list", zh: "将 MAC 加入允许列表" },
  checks: ["mac-allowlist"],
  makes: ["set-element"],
  sources: ["https://wiki.nftables.org/wiki-nftables/index.php/Sets"],
  plan({ finding, graph }) {
    const { tool, family, table, set, mac } = finding.params;
    if (tool !== "nft") return { refused: "the list is made of iptables rules: add one by hand, as the guide says" };
    if (![family, table, set, mac].every((word) => typeof word === "string"))
      return { refused: "the finding names no set" };
    const change = kind.schema.safeParse({
      ...{ kind: "set-element", family, table, set, mac },
      ...{ to: "present", was: "absent" },
    }).data;
    if (!change) return { refused: "the list has no set of its own: add a rule by hand, as the guide says" };
    const guests = guestsBehind(graph, finding.subject);
    return {
      steps: [
        {
          says: { en: `Add ${change.mac} to set ${change.set}`, zh: `将 ${change.mac} 加入集合 ${change.set}` },
          change,
        },
      ],
      affects: guests,
      blinks: {
        en: "Nothing is interrupted. It lasts until the rules are loaded anew: add it to their source as well.",
        zh: "不会中断任何流量。规则重新加载后失效：请同时加入其来源。",
      },
      risk: "low",
      settleMs: 5_000,
      settleBecause: "5 s to read the rules again",
      probe: guests,
    };
  },
};
