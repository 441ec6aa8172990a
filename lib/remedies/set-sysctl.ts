import type { Remedy } from "./define";

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
      return { refused: "the finding names no setting" };
    if (!allowed.some((one) => one.key.test(key) && one.values.includes(value)))
      return { refused: `${key}=${value} is not among the settings that may be changed` };
    return {
      steps: [
        {
          says: { en: `Set ${key} from ${was} to ${value}`, zh: `将 ${key} 从 ${was} 改为 ${value}` },
          change: { kind: "sysctl", key, to: value, was },
        },
      ],
      affects: [],
      blinks: {
        en: "Nothing is interrupted. It lasts until the next boot: write it to /etc/sysctl.d to keep it.",
        zh: "不会中断任何流量。重启后失效：写入 /etc/sysctl.d 可永久保留。",
      },
      risk: "low",
      settleMs: finding.check === "rp-filter-drops" ? 90_000 : 10_000,
      settleBecause:
        finding.check === "rp-filter-drops"
          ? "the check looks back a minute for drops"
          : "10 s for the setting to show",
      probe: [],
    };
  },
};
