import { reachable } from "../../graph/reach";
import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { bondHost, edit, natHost, plainHost, unread } from "../testing";

/**
 * No default route in any table, though the host has an address on an interface that leads to a wire. Hosts can be meant to have none (a management network only, static routes
 * instead): with another route over a gateway the check does not apply, and its setting turns it off for the rest.
 */
export const check = defineCheck({
  id: "gateway-missing",
  layer: "addressing",
  title: { en: "Host has no default route", zh: "主机没有默认路由" },
  message: {
    en: "The host has addresses ({addresses}) and no default route: it reaches nothing beyond its own subnets",
    zh: "主机有地址（{addresses}），但没有默认路由：无法访问本网段以外的任何地方",
  },
  expected: { en: "A default route in some table", zh: "某个路由表中有默认路由" },
  repair: {
    en: "Add the route that belongs there: ip route add default via GATEWAY dev INTERFACE, and put it in the boot configuration. If the host is meant to have none, set expectGateway to 0.",
    zh: "添加应有的路由：ip route add default via 网关 dev 接口，并写入启动配置。如果主机本就不应有默认路由，请把 expectGateway 设为 0。",
  },
  explain: {
    en: "Guests on a bridge do not need it, but updates, DNS, and every guest behind NAT do. It vanishes when the interface that holds it is set down, or with a DHCP lease.",
    zh: "桥接的虚拟机不依赖它，但系统更新、DNS 以及所有 NAT 后的虚拟机都需要。当承载它的接口被关闭或 DHCP 租约失效时，它会消失。",
  },
  needs: ["ip-route", "ip-addr", "ip-link"],
  subjects: ["host"],
  reach: "host",
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
    if (routes.some((route) => route.dst === "default" && route.type !== "unreachable")) return pass;
    const addresses = view.fact("ip-addr").flatMap((entry) => {
      const node = view.graph
        .ofKind("bridge")
        .concat(
          view.graph.ofKind("nic"),
          view.graph.ofKind("bond"),
          view.graph.ofKind("vlan"),
          view.graph.ofKind("veth"),
          view.graph.ofKind("ovs-bridge"),
        )
        .find((one) => one.attributes.ifindex === entry.ifindex && one.attributes.netns === undefined);
      if (!node) return [];
      const leadsOut = [...reachable(view.graph, [node.id])].some((id) => view.graph.shape(id)?.isWire);
      if (!leadsOut) return [];
      return entry.addr_info
        .filter((address) => address.scope === "global")
        .map((address) => `${address.local}/${address.prefixlen}`);
    });
    if (addresses.length === 0) return null;
    if (routes.some((route) => route.gateway !== undefined)) return null;
    return {
      status: "fail",
      params: { addresses: addresses.join(", ") },
      evidence: [
        {
          command: commandLine(["ip", "route", "show", "table", "all"]),
          excerpt:
            routes
              .filter((route) => route.table === undefined || route.table === "main")
              .map((route) => `${route.dst} dev ${route.dev ?? "-"}`)
              .join("\n") || "(no route)",
        },
      ],
      cuts: false,
    };
  },
  examples: {
    bad: [
      { name: "deleted", expect: "fail", facts: withoutDefault(bondHost()), subject: "host/self" },
      { name: "one NIC, NAT guests", expect: "fail", facts: withoutDefault(natHost()), subject: "host/self" },
    ],
    good: [
      { name: "one default route", expect: "pass", facts: bondHost(), subject: "host/self" },
      {
        name: "in another table (policy routing)",
        expect: "pass",
        facts: edit(plainHost(), "ip-route", (routes) =>
          routes.map((route) => (route.dst === "default" ? { ...route, table: "100" } : route)),
        ),
        subject: "host/self",
      },
      {
        name: "static routes instead",
        expect: "not-applicable",
        facts: edit(withoutDefault(plainHost()), "ip-route", (routes) => [
          ...routes,
          { family: "inet" as const, dst: "198.51.100.0/24", gateway: "192.0.2.254", dev: "eth0" },
        ]),
        subject: "host/self",
      },
      {
        name: "no address on anything that leads out",
        expect: "not-applicable",
        facts: edit(withoutDefault(plainHost()), "ip-addr", (links) =>
          links.map((link) => (link.ifname === "eth0" ? { ...link, addr_info: [] } : link)),
        ),
        subject: "host/self",
      },
    ],
    unknown: [
      { name: "routes not read", expect: "unknown", facts: unread(bondHost(), "ip-route"), subject: "host/self" },
    ],
  },
});

function withoutDefault(facts: ReturnType<typeof bondHost>) {
  return edit(facts, "ip-route", (routes) => routes.filter((route) => route.dst !== "default"));
}
