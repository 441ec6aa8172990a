import type { Remedy } from "./define";
import { refuse } from "./refusals";
import { untilBoot } from "./settings";
import { oneStep } from "./subject";

/** Settings that may be set, and the values that each may get. The name of an interface stands between slashes, so that it may hold dots. */
const allowed: readonly { readonly key: RegExp; readonly values: readonly number[] }[] = [
  { key: /^net\/ipv4\/ip_forward$/, values: [1] },
  { key: /^net[./]ipv4[./]icmp_echo_ignore_all$/, values: [0] },
  { key: /^net[./]ipv6[./]icmp[./]echo_ignore_all$/, values: [0] },
  { key: /^net\/ipv4\/conf\/[^/=\s]{1,15}\/(?:arp_ignore|proxy_arp)$/, values: [0] },
  { key: /^net\/ipv4\/conf\/[^/=\s]{1,15}\/rp_filter$/, values: [2] },
];

/** Puts a kernel setting right until the next boot; to keep it is for the guide. */
export const remedy: Remedy = {
  id: "set-sysctl",
  title: { en: "Correct the kernel setting", zh: "修正内核参数" },
  checks: ["forwarding-off", "icmp-ignored", "arp-sysctl", "rp-filter-drops"],
  makes: ["sysctl"],
  sources: ["https://docs.kernel.org/networking/ip-sysctl.html", "https://man7.org/linux/man-pages/man8/sysctl.8.html"],
  plan({ finding }) {
    const { key, value, was } = finding.params;
    if (typeof key !== "string" || typeof value !== "number" || typeof was !== "number")
      return refuse({ en: "the finding names no setting", zh: "该发现没有指出参数" });
    if (!allowed.some((one) => one.key.test(key) && one.values.includes(value)))
      return refuse({
        en: `${key}=${value} is not among the settings that may be changed`,
        zh: `${key}=${value} 不在允许修改的参数之列`,
      });
    return oneStep(
      {
        says: { en: `Set ${key} from ${was} to ${value}`, zh: `将 ${key} 从 ${was} 改为 ${value}` },
        change: { kind: "sysctl", key, to: value, was },
      },
      { en: `Nothing is interrupted. ${untilBoot.en}`, zh: `不会中断任何流量。${untilBoot.zh}` },
    );
  },
};
