import type { Route } from "../../probes/ip-route";
import { defineCheck, pass } from "../define";

/**
 * Default and gateway routes that were set by hand or by DHCP come and go. Routes of a routing daemon change by design; connected routes come and go with interfaces (containers);
 * both are left out.
 */
export const check = defineCheck({
  id: "route-churn",
  layer: "addressing",
  title: { en: "Routes keep changing", zh: "路由频繁变化" },
  message: {
    en: "Default and gateway routes changed {changes} times in {seconds} s (limit {limit})",
    zh: "默认路由及网关路由在 {seconds} 秒内变化 {changes} 次（阈值 {limit}）",
  },
  expected: { en: "Fewer than {limit} changes", zh: "变化少于 {limit} 次" },
  repair: {
    en: "Watch the changes: ip -ts monitor route. Usual: two of NetworkManager, networkd and ifupdown on one interface, a DHCP client whose lease is refused, a link that flaps. Now: {routes}.",
    zh: "观察变化来源：ip -ts monitor route。常见原因：NetworkManager、networkd 与 ifupdown 中两者争用同一接口，DHCP 客户端租约被拒，链路抖动。当前：{routes}。",
  },
  explain: {
    en: "Each change drops the host's connections and those of guests behind NAT for a moment. Between two changes all looks well.",
    zh: "每次变化都会使主机和 NAT 后虚拟机的连接短暂中断。两次变化之间一切看起来正常。",
  },
  needs: ["ip-route"],
  subjects: ["host"],
  settings: {
    changes: {
      title: { en: "Changes within the window", zh: "窗口内变化次数" },
      default: 5,
      unit: "changes",
      min: 1,
      max: 1_000,
    },
    quiet: {
      title: { en: "Seconds without a change after which it is past", zh: "多少秒无变化视为已结束" },
      default: 45,
      unit: "s",
      min: 5,
      max: 900,
      atMost: "window",
    },
    window: {
      title: { en: "Seconds over which it is judged", zh: "判断窗口秒数" },
      default: 300,
      unit: "s",
      min: 10,
      max: 900,
    },
  },
  track: {
    routes: { windowMs: 900_000, sample: (_subject, view) => fingerprint(judged(view.fact("ip-route"))) },
  },
  sources: [
    "https://man7.org/linux/man-pages/man8/ip-monitor.8.html",
    "https://man7.org/linux/man-pages/man8/ip-route.8.html",
  ],
  lab: { case: "route-churn" },
  evaluate(_subject, view) {
    const routes = judged(view.fact("ip-route"));
    const windowMs = view.setting("window") * 1000;
    const samples = view.samples("routes").filter((one) => one.at >= view.now - windowMs);
    if (samples.length < 2) return null;
    const changes = samples.filter((one, at) => at > 0 && one.value !== samples[at - 1]?.value).length;
    const last = samples.findLast((one, at) => at > 0 && one.value !== samples[at - 1]?.value);
    const quiet = last === undefined || view.now - last.at >= view.setting("quiet") * 1000;
    if (changes < view.setting("changes") || quiet) return pass;
    const lines = routes.map(textOf).slice(0, 6);
    return {
      status: "warn",
      params: {
        changes,
        seconds: view.setting("window"),
        limit: view.setting("changes"),
        routes: lines.join("; ") || "-",
      },
      evidence: [{ command: "ip -ts monitor route", excerpt: [`${changes} changes seen`, ...lines].join("\n") }],
    };
  },
});

/** Protocols whose routes somebody or a DHCP client set; kernel and routing daemons (bird, zebra, bgp, ospf...) are left out. */
const settled = new Set(["boot", "static", "dhcp", "ra"]);

const judged = (routes: readonly Route[]): Route[] =>
  routes.filter(
    (route) =>
      route.family === "inet" &&
      (route.gateway !== undefined || route.dst === "default" || route.nexthops !== undefined) &&
      (route.protocol === undefined || settled.has(route.protocol)),
  );

const textOf = (route: Route): string =>
  `${route.dst} via ${route.gateway ?? "-"} dev ${route.dev ?? "-"}${route.metric === undefined ? "" : ` metric ${route.metric}`}`;

/** A number that changes when the routes do, whatever their order (FNV-1a, 32 bit). */
function fingerprint(routes: readonly Route[]): number {
  const text = routes
    .map((route) => `${route.table ?? "main"} ${textOf(route)}`)
    .sort()
    .join("\n");
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
}
