import { addressKinds } from "../../graph/kinds";
import { reachable, routedEdges } from "../../graph/reach";
import type { Route } from "../../probes/ip-route";
import { type CheckView, defineCheck, pass } from "../define";
import { commandLine } from "../evidence";

/**
 * No default route in any table, though the host has an address on an interface that leads to a wire; IPv4 and IPv6 each for itself, for neither carries the other's packets. Hosts can be
 * meant to have none (a management network only, static routes instead): with another route over a gateway the family is not judged, and the check's setting turns it off for the rest.
 * Where one family has its way out, the other is missed only on the interface that this way leaves by: a host that goes out by IPv6 alone and has IPv4 on a storage or management
 * network, and the other way round, is one by design. So are IPv6 addresses that are not of the internet's (fc00::/7) or that their router has withdrawn (deprecated).
 */
export const check = defineCheck({
  id: "gateway-missing",
  layer: "addressing",
  title: { en: "Host has no default route", zh: "主机没有默认路由" },
  message: {
    en: "The host has {family} addresses ({addresses}) and no {family} default route: by {family} it reaches nothing beyond its own subnets",
    zh: "主机有 {family} 地址（{addresses}），但没有 {family} 默认路由：通过 {family} 无法访问本网段以外的任何地方",
  },
  expected: { en: "A default route of {family} in some table", zh: "某个路由表中有 {family} 默认路由" },
  repair: {
    en: "Add the route that belongs there: ip route add default via GATEWAY dev INTERFACE (ip -6 route for IPv6, where a router that announces itself is also ignored while forwarding is on and accept_ra is not 2), and put it in the boot configuration. If the host is meant to have none, set expectGateway to 0.",
    zh: "添加应有的路由：ip route add default via 网关 dev 接口（IPv6 用 ip -6 route；开启转发而 accept_ra 不为 2 时，路由器通告也会被忽略），并写入启动配置。如果主机本就不应有默认路由，请把 expectGateway 设为 0。",
  },
  explain: {
    en: "Guests on a bridge do not need it, but updates, DNS, and every guest behind NAT do. It vanishes when the interface that holds it is set down, or with a DHCP lease. Each family is judged for itself; one that has no way out while the other has is looked for only on the interface that the other leaves by, for many hosts use one family outside and the other within.",
    zh: "桥接的虚拟机不依赖它，但系统更新、DNS 以及所有 NAT 后的虚拟机都需要。当承载它的接口被关闭或 DHCP 租约失效时，它会消失。两个协议族分别判断；若其中一个有出口，另一个只在该出口接口上检查，因为许多主机对外只用其中一个，另一个仅供内部使用。",
  },
  needs: ["ip-route", "ip-addr", "ip-link"],
  subjects: ["host"],
  settings: {
    expectGateway: {
      title: { en: "Expect a default route (0: no)", zh: "要求有默认路由（0：否）" },
      default: 1,
      unit: "",
      min: 0,
      max: 1,
    },
  },
  sources: ["https://man7.org/linux/man-pages/man8/ip-route.8.html"],
  lab: { case: "gateway-missing" },
  evaluate(_host, view) {
    if (view.setting("expectGateway") === 0) return null;
    const routes = view.fact("ip-route");
    const defaults = routes.filter((route) => route.dst === "default" && !refusing.has(route.type ?? "unicast"));
    const without = (["inet", "inet6"] as const).filter(
      (family) => !routes.some((route) => route.family === family && (defaults.includes(route) || byGateway(route))),
    );
    const by = new Set(defaults.flatMap(devsOf));
    const addresses = addressesLeadingOut(view, (family, dev) => {
      return without.includes(family) && (defaults.length === 0 || by.has(dev));
    });
    const missing = without.filter((family) => addresses.some((one) => one.family === family));
    if (missing.length === 0) return defaults.length > 0 ? pass : null;
    const family = missing.map((one) => (one === "inet" ? "IPv4" : "IPv6")).join(" / ");
    const [first] = missing;
    return {
      // Without IPv6 most things still go out by IPv4; the other way round they do not.
      status: missing.includes("inet") || defaults.length === 0 ? "fail" : "warn",
      params: {
        family,
        addresses: addresses.map((one) => one.text).join(", "),
      },
      evidence: [
        {
          command: commandLine(["ip", ...(first === "inet6" ? ["-6"] : []), "route", "show", "table", "all"]),
          excerpt:
            routes
              .filter((route) => route.family === first && (route.table === undefined || route.table === "main"))
              .map((route) => `${route.dst} dev ${route.dev ?? "-"}`)
              .join("\n") || "(no route)",
        },
      ],
      cuts: false,
      // Guests behind NAT leave by the host's own route.
      breaks: routedEdges(view.graph).flatMap((edge) => (edge.attributes?.lost === "route" ? [edge.id] : [])),
    };
  },
});

type View = CheckView<"ip-route" | "ip-addr" | "ip-link">;

const refusing = new Set(["unreachable", "blackhole", "prohibit", "throw"]);

const byGateway = (route: Route): boolean =>
  [route, ...(route.nexthops ?? [])].some((hop) => hop.gateway !== undefined || hop.via !== undefined);

const devsOf = (route: Route): string[] => [route, ...(route.nexthops ?? [])].flatMap((hop) => hop.dev ?? []);

interface Held {
  readonly family: "inet" | "inet6";
  readonly dev: string;
  readonly text: string;
}

/** Addresses that stand for a place in the world beyond their own link, on interfaces that lead to a wire. */
function addressesLeadingOut(view: View, counts: (family: Held["family"], dev: string) => boolean): Held[] {
  const kinds = [...addressKinds, "veth"] as const;
  const nodes = kinds.flatMap((kind) => view.graph.ofKind(kind));
  return view.fact("ip-addr").flatMap((entry) => {
    const held = entry.addr_info.filter(
      (one) =>
        one.scope === "global" &&
        counts(one.family, entry.ifname) &&
        (one.family === "inet" || (!/^f[cd]/i.test(one.local) && one.deprecated !== true && one.tentative !== true)),
    );
    if (held.length === 0) return [];
    const node = nodes.find((one) => one.attributes.ifindex === entry.ifindex && one.attributes.netns === undefined);
    if (!node || ![...reachable(view.graph, [node.id])].some((id) => view.graph.shape(id)?.isWire)) return [];
    return held.map((one) => ({ family: one.family, dev: entry.ifname, text: `${one.local}/${one.prefixlen}` }));
  });
}
