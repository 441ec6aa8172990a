import type { Remedy } from "./define";
import { oneStep, ownNode } from "./subject";

/** Lets the bond look at its members' links ten times a second. */
export const remedy: Remedy = {
  id: "monitor-bond",
  title: { en: "Watch the links (miimon 100)", zh: "监测链路（miimon 100）" },
  checks: ["bond-unmonitored"],
  makes: ["bond-option"],
  sources: ["https://docs.kernel.org/networking/bonding.html", "https://man7.org/linux/man-pages/man8/ip-link.8.html"],
  plan(context) {
    const bond = ownNode(context);
    if ("refused" in bond) return bond;
    return oneStep(
      {
        says: { en: `${bond.name} watches its links`, zh: `${bond.name} 监测其链路` },
        change: { kind: "bond-option", device: bond.name, option: "miimon", to: 100, was: 0 },
      },
      {
        en: "A member that is dead without anybody having noticed is left at once: traffic moves to a living one.",
        zh: "已失效但未被发现的成员会立即停用：流量切换到正常成员。",
      },
    );
  },
};
