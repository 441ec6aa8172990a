import type { Remedy } from "./define";
import { guestsBehind } from "./guests";

const nftName = /^[A-Za-z_][A-Za-z0-9_./-]{0,63}$/;
const macForm = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/;
const families: ReadonlySet<string> = new Set(["bridge", "inet", "ip", "ip6"]);

/** Adds a guest's MAC to the nft set of those that are allowed. */
export const remedy: Remedy = {
  id: "mac-allow",
  title: { en: "Add the MAC to the list", zh: "将 MAC 加入允许列表" },
  checks: ["mac-allowlist"],
  sources: ["https://wiki.nftables.org/wiki-nftables/index.php/Sets"],
  plan({ finding, graph }) {
    const { tool, family, table, set, mac } = finding.params;
    if (tool !== "nft") return { refused: "the list is made of iptables rules: add one by hand, as the guide says" };
    const words = [family, table, set];
    if (!words.every((word): word is string => typeof word === "string") || typeof mac !== "string")
      return { refused: "the finding names no set" };
    if (
      typeof family !== "string" ||
      !families.has(family) ||
      !words.slice(1).every((word) => nftName.test(word)) ||
      !macForm.test(mac)
    )
      return { refused: "the list has no set of its own: add a rule by hand, as the guide says" };
    const guests = guestsBehind(graph, finding.subject);
    return {
      steps: [
        {
          says: { en: `Add ${mac} to set ${String(set)}`, zh: `将 ${mac} 加入集合 ${String(set)}` },
          do: ["nft", "add", "element", ...words, `{ ${mac} }`],
          undo: ["nft", "delete", "element", ...words, `{ ${mac} }`],
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
