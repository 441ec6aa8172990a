import type { CheckExamples } from "../define";
import { bondHost, edit, natHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "virbr0 in the subnet of the NIC",
      expect: "fail",
      facts: addressed(natHost(), "eth0", "192.168.122.50", 24),
      subject: "bridge/virbr0",
    },
    {
      name: "one subnet within the other",
      expect: "fail",
      facts: addressed(bondHost(), "mgmt0", "10.20.0.200", 25),
      subject: "bridge/br0",
    },
    {
      name: "a VPN's route takes half of it",
      expect: "warn",
      facts: alsoRoute("192.168.122.128/25", "tun0", "10.8.0.1"),
      subject: "bridge/virbr0",
    },
    {
      name: "a network that is not running will clash",
      expect: "warn",
      facts: edit(bondHost(), "libvirt-networks", (all) =>
        all.map((one) => ({
          ...one,
          name: "lab",
          active: false,
          bridge: { name: "virbr9", stp: true },
          ips: one.ips.map((ip) => ({ ...ip, address: "10.20.0.254" })),
        })),
      ),
      subject: "bridge/br0",
    },
  ],
  good: [
    { name: "each its own", expect: "pass", facts: bondHost(), subject: "bridge/br0" },
    {
      name: "told once: the other bridge",
      expect: "pass",
      facts: addressed(bondHost(), "virbr0", "10.20.0.1", 24),
      subject: "bridge/virbr0",
    },
    {
      name: "a VPN's route to the larger block",
      expect: "pass",
      facts: alsoRoute("192.168.0.0/16", "tun0", "10.8.0.1"),
      subject: "bridge/virbr0",
    },
    {
      name: "a part of it by way of one of its own guests",
      expect: "pass",
      facts: alsoRoute("192.168.122.128/25", "virbr0", "192.168.122.9"),
      subject: "bridge/virbr0",
    },
    {
      name: "a spare route to it of a higher metric",
      expect: "pass",
      facts: alsoRoute("192.168.122.0/24", "eth0", "192.0.2.1", 500),
      subject: "bridge/virbr0",
    },
    {
      name: "a route to one address of it",
      expect: "pass",
      facts: alsoRoute("192.168.122.77", "tun0", "10.8.0.1"),
      subject: "bridge/virbr0",
    },
    {
      name: "a single address within",
      expect: "pass",
      facts: addressed(bondHost(), "mgmt0", "10.20.0.200", 32),
      subject: "bridge/br0",
    },
    {
      name: "left on the bridge's own port",
      expect: "pass",
      facts: addressed(bondHost(), "bond0", "10.20.0.11", 24),
      subject: "bridge/br0",
    },
    {
      name: "no address of its own",
      expect: "not-applicable",
      facts: edit(bondHost(), "ip-addr", (all) => all.map((one) => ({ ...one, addr_info: [] }))),
      subject: "bridge/br0",
    },
  ],
  unknown: [
    { name: "routes not read", expect: "unknown", facts: unread(bondHost(), "ip-route"), subject: "bridge/br0" },
    { name: "addresses not read", expect: "unknown", facts: unread(bondHost(), "ip-addr"), subject: "bridge/br0" },
  ],
};

function alsoRoute(dst: string, dev: string, gateway: string, metric?: number) {
  return edit(natHost(), "ip-route", (routes) => [
    ...routes,
    { family: "inet" as const, dst, dev, gateway, protocol: "static", ...(metric === undefined ? {} : { metric }) },
  ]);
}

function addressed(facts: ReturnType<typeof bondHost>, ifname: string, local: string, prefixlen: number) {
  return edit(facts, "ip-addr", (all) =>
    all.map((one) =>
      one.ifname === ifname
        ? { ...one, addr_info: [{ family: "inet" as const, local, prefixlen, scope: "global" }] }
        : one,
    ),
  );
}
