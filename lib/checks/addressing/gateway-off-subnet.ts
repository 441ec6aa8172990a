import { holds, subnetNamed, subnetOf, subnetText } from "../../graph/ipv4";
import type { Route } from "../../probes/ip-route";
import { type CheckView, defineCheck, pass } from "../define";
import { commandLine } from "../evidence";

/**
 * The next hop of a default route is in no subnet of the interface that the route leaves by. No fault: a route of its own to the gateway over that interface; `onlink` with a gateway
 * that answers (hosts with a /32 from their provider); an interface without an address (point-to-point, unnumbered).
 */
export const check = defineCheck({
  id: "gateway-off-subnet",
  layer: "addressing",
  title: { en: "Gateway is outside the subnet", zh: "网关不在本网段内" },
  message: {
    en: "Default route by {gateway} leaves over {dev}, whose subnets are {subnets}; {gateway} belongs to {right}",
    zh: "默认路由经 {gateway} 从 {dev} 出去，而 {dev} 的网段是 {subnets}；{gateway} 属于 {right}",
  },
  expected: { en: "{gateway} lies in a subnet of {dev}", zh: "{gateway} 位于 {dev} 的网段内" },
  repair: {
    en: "Replace the route: ip route replace default via GATEWAY dev INTERFACE, with the gateway of the subnet that the interface is in, and correct the boot configuration. {gateway} is in the subnet of: {right}.",
    zh: "替换路由：ip route replace default via 网关 dev 接口，使用该接口所在网段的网关，并修正启动配置。{gateway} 所属网段的接口：{right}。",
  },
  explain: {
    en: "The host asks by ARP on that interface for an address that nobody there has. It comes from a mistyped gateway, an address that was changed alone, or a route on the wrong one of two NICs.",
    zh: "主机会在该接口上用 ARP 询问一个那里无人拥有的地址。原因多为网关写错、只改了地址未改路由，或路由放错了网卡。",
  },
  needs: ["ip-route", "ip-addr"],
  optional: ["ip-neigh"],
  subjects: ["gateway"],
  sources: ["https://man7.org/linux/man-pages/man8/ip-route.8.html"],
  lab: { case: "gateway-off-subnet" },
  evaluate(gateway, view) {
    const { address, dev, family } = gateway.attributes;
    if (family !== "inet" || typeof address !== "string" || typeof dev !== "string") return null;
    const own = subnets(view, (ifname) => ifname === dev);
    if (own.length === 0) return null;
    if (own.some(({ subnet }) => holds(subnet, address))) return pass;
    const routes = view.fact("ip-route").filter((route) => route.family === "inet");
    if (routes.some((route) => isLinkRoute(route, dev) && holdsRoute(route, address))) return pass;
    const right = subnets(view, (ifname) => ifname !== dev).filter(({ subnet }) => holds(subnet, address));
    const neighbour = view.factIfRead("ip-neigh")?.find((one) => one.dst === address && one.dev === dev);
    // Made with onlink, and somebody answers there: a provider's way of routing.
    if (right.length === 0 && isOnlink(routes, address, dev) && neighbour?.lladdr !== undefined) return pass;
    const named = own.map(({ subnet }) => subnetText(subnet)).join(", ");
    return {
      status: "fail",
      cuts: false,
      params: { gateway: address, dev, subnets: named, right: right.map(({ ifname }) => ifname).join(", ") || "-" },
      evidence: [
        { command: commandLine(["ip", "route", "show", "default"]), excerpt: `default via ${address} dev ${dev}` },
        { command: commandLine(["ip", "-br", "-4", "addr", "show", "dev", dev]), excerpt: `${dev} ${named}` },
      ],
    };
  },
});

function subnets(view: CheckView<"ip-addr" | "ip-route">, wanted: (ifname: string) => boolean) {
  return view
    .fact("ip-addr")
    .filter((entry) => wanted(entry.ifname))
    .flatMap((entry) =>
      entry.addr_info
        .filter((one) => one.family === "inet" && one.scope !== "host")
        .flatMap((one) => {
          // Point-to-point: the prefix is the peer's.
          const subnet = subnetOf(one.address ?? one.local, one.prefixlen);
          return subnet ? [{ ifname: entry.ifname, subnet }] : [];
        }),
    );
}

const isLinkRoute = (route: Route, dev: string): boolean =>
  route.dev === dev &&
  route.dst !== "default" &&
  route.gateway === undefined &&
  (route.type === undefined || route.type === "unicast");

function holdsRoute(route: Route, address: string): boolean {
  const subnet = subnetNamed(route.dst);
  return subnet !== undefined && holds(subnet, address);
}

const isOnlink = (routes: readonly Route[], gateway: string, dev: string): boolean =>
  routes.some((route) => route.gateway === gateway && route.dev === dev && (route.flags ?? []).includes("onlink"));
