import { factIfRead } from "../facts/facts";
import type { Remedy, Step } from "./define";
import { refuse } from "./refusals";
import { untilBoot } from "./settings";

/** Limits that may be raised, with the least value that is worth setting and the one that must stay below it. */
const limits: ReadonlyMap<string, { readonly least: number; readonly below?: string }> = new Map([
  ["net.netfilter.nf_conntrack_max", { least: 65_536 }],
  ["net.core.netdev_max_backlog", { least: 4_096 }],
  ["net.core.netdev_budget", { least: 600 }],
  ["net.ipv4.neigh.default.gc_thresh3", { least: 4_096, below: "net.ipv4.neigh.default.gc_thresh2" }],
  ["net.ipv6.neigh.default.gc_thresh3", { least: 4_096, below: "net.ipv6.neigh.default.gc_thresh2" }],
]);

/** Doubles a kernel limit that is reached: connection table, backlog, budget, neighbour table. Until the next boot; to keep it is for the guide. */
export const remedy: Remedy = {
  id: "raise-limit",
  title: { en: "Raise the limit", zh: "提高上限" },
  checks: ["conntrack-full", "softnet-drops", "neighbour-table-overflow"],
  makes: ["sysctl"],
  sources: [
    "https://docs.kernel.org/networking/nf_conntrack-sysctl.html",
    "https://docs.kernel.org/admin-guide/sysctl/net.html",
    "https://docs.kernel.org/networking/ip-sysctl.html",
  ],
  plan({ finding, facts }) {
    const key = finding.params.limitKey;
    const limit = typeof key === "string" ? limits.get(key) : undefined;
    if (typeof key !== "string" || !limit)
      return refuse({ en: "the finding names no limit that may be raised", zh: "该发现没有指出可以提高的上限" });
    const values: Readonly<Record<string, number | undefined>> = factIfRead(facts, "sysctl")?.values ?? {};
    const now = values[key];
    if (now === undefined)
      return refuse({
        en: `${key} could not be read: without its old value there is no way back`,
        zh: `无法读取 ${key}：没有原值就无法撤销`,
      });
    const next = Math.max(2 * now, limit.least);
    const step = (name: string, from: number, to: number): Step => ({
      says: { en: `Raise ${name} from ${from} to ${to}`, zh: `将 ${name} 从 ${from} 提高到 ${to}` },
      change: { kind: "sysctl", key: name, to, was: from },
    });
    const lower = limit.below === undefined ? undefined : values[limit.below];
    const more =
      limit.below !== undefined && lower !== undefined && lower < next / 2 ? [step(limit.below, lower, next / 2)] : [];
    return {
      steps: [step(key, now, next), ...more],
      blinks: {
        en: `Nothing is interrupted; the kernel may take some more memory. ${untilBoot.en}`,
        zh: `不会中断任何流量，内核可能多占用一些内存。${untilBoot.zh}`,
      },
    };
  },
};
