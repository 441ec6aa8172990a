import { kind } from "../changes/kinds/set-element";
import type { Remedy } from "./define";
import { refuse } from "./refusals";
import { oneStep } from "./subject";

/** Adds a guest's MAC to the nft set of those that are allowed. */
export const remedy: Remedy = {
  id: "mac-allow",
  title: { en: "Add the MAC to the list", zh: "将 MAC 加入允许列表" },
  checks: ["mac-allowlist"],
  makes: ["set-element"],
  sources: ["https://wiki.nftables.org/wiki-nftables/index.php/Sets"],
  plan({ finding }) {
    const { tool, family, table, set, mac } = finding.params;
    if (tool !== "nft")
      return refuse({
        en: "the list is made of iptables rules: add one by hand, as the guide says",
        zh: "该列表由 iptables 规则组成：请按说明手动添加",
      });
    if (![family, table, set, mac].every((word) => typeof word === "string"))
      return refuse({ en: "the finding names no set", zh: "该发现没有指出集合" });
    const change = kind.schema.safeParse({
      ...{ kind: "set-element", family, table, set, mac },
      ...{ to: "present", was: "absent" },
    }).data;
    if (!change)
      return refuse({
        en: "the list has no set of its own: add a rule by hand, as the guide says",
        zh: "该列表没有独立的集合：请按说明手动添加规则",
      });
    return oneStep(
      {
        says: { en: `Add ${change.mac} to set ${change.set}`, zh: `将 ${change.mac} 加入集合 ${change.set}` },
        change,
      },
      {
        en: "Nothing is interrupted. It lasts until the rules are loaded anew: add it to their source as well.",
        zh: "不会中断任何流量。规则重新加载后失效：请同时加入其来源。",
      },
    );
  },
};
