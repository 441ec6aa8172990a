import type { CheckExamples } from "../define";
import { bondHost, edit, natHost, plainHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "of IPv4 only: that of IPv6 by the same bridge is still there",
      expect: "fail",
      facts: alsoIpv6(withoutDefault(bondHost()), "br0", "br0"),
      subject: "host/self",
    },
    {
      name: "of IPv6 only, by the bridge that IPv4 leaves by",
      expect: "warn",
      facts: alsoIpv6(bondHost(), "br0", undefined),
      subject: "host/self",
    },
    { name: "deleted", expect: "fail", facts: withoutDefault(bondHost()), subject: "host/self" },
    { name: "one NIC, NAT guests", expect: "fail", facts: withoutDefault(natHost()), subject: "host/self" },
  ],
  good: [
    { name: "one default route", expect: "pass", facts: bondHost(), subject: "host/self" },
    {
      name: "IPv6 only: no IPv4 address but on libvirt's own network",
      expect: "pass",
      facts: alsoIpv6(unaddressed(withoutDefault(bondHost()), "mgmt0", "br0"), "br0", "br0"),
      subject: "host/self",
    },
    {
      name: "goes out by IPv6, IPv4 on the management network only",
      expect: "pass",
      facts: alsoIpv6(unaddressed(withoutDefault(bondHost()), "br0"), "br0", "br0"),
      subject: "host/self",
    },
    {
      name: "goes out by IPv4, IPv6 on another network only",
      expect: "pass",
      facts: alsoIpv6(bondHost(), "mgmt0", undefined),
      subject: "host/self",
    },
    {
      name: "IPv6 of this site only (fc00::/7)",
      expect: "pass",
      facts: alsoIpv6(bondHost(), "br0", undefined, "fd00:10::10"),
      subject: "host/self",
    },
    {
      name: "both families",
      expect: "pass",
      facts: alsoIpv6(bondHost(), "br0", "br0"),
      subject: "host/self",
    },
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
};

function withoutDefault(facts: ReturnType<typeof bondHost>) {
  return edit(facts, "ip-route", (routes) => routes.filter((route) => route.dst !== "default"));
}

function unaddressed(facts: ReturnType<typeof bondHost>, ...interfaces: readonly string[]) {
  return edit(facts, "ip-addr", (links) =>
    links.map((link) => (interfaces.includes(link.ifname) ? { ...link, addr_info: [] } : link)),
  );
}

function alsoIpv6(
  facts: ReturnType<typeof bondHost>,
  ifname: string,
  gatewayBy: string | undefined,
  local = "2001:db8:10::10",
) {
  const addressed = edit(facts, "ip-addr", (links) =>
    links.map((link) =>
      link.ifname === ifname
        ? {
            ...link,
            addr_info: [...link.addr_info, { family: "inet6" as const, local, prefixlen: 64, scope: "global" }],
          }
        : link,
    ),
  );
  return edit(addressed, "ip-route", (routes) => [
    ...routes,
    { family: "inet6" as const, dst: `${local}/64`, dev: ifname },
    ...(gatewayBy === undefined
      ? []
      : [{ family: "inet6" as const, dst: "default", gateway: "fe80::1", dev: gatewayBy }]),
  ]);
}
