import type { CheckExamples } from "../define";
import { bondHost, edit, plainHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "another subnet's",
      expect: "fail",
      facts: via("10.30.0.1", "br0", ["onlink"]),
      subject: "gateway/10.30.0.1",
    },
    {
      name: "out of the wrong interface",
      expect: "fail",
      facts: via("10.20.0.1", "mgmt0", ["onlink"]),
      subject: "gateway/10.20.0.1",
    },
  ],
  good: [
    { name: "in the subnet", expect: "pass", facts: bondHost(), subject: "gateway/10.20.0.1" },
    {
      name: "in the subnet, with onlink",
      expect: "pass",
      facts: via("10.20.0.1", "br0", ["onlink"]),
      subject: "gateway/10.20.0.1",
    },
    {
      name: "a provider's: /32, onlink, and it answers",
      expect: "pass",
      facts: edit(
        edit(
          edit(plainHost(), "ip-addr", (all) =>
            all.map((one) =>
              one.ifname === "eth0"
                ? { ...one, addr_info: [{ family: "inet", local: "198.51.100.7", prefixlen: 32, scope: "global" }] }
                : one,
            ),
          ),
          "ip-route",
          () => [{ family: "inet" as const, dst: "default", gateway: "172.31.1.1", dev: "eth0", flags: ["onlink"] }],
        ),
        "ip-neigh",
        () => [{ family: "inet", dst: "172.31.1.1", dev: "eth0", lladdr: "d2:74:7f:6e:37:e3", state: ["STALE"] }],
      ),
      subject: "gateway/172.31.1.1",
    },
    {
      name: "a route of its own leads to it",
      expect: "pass",
      facts: edit(via("172.31.1.1", "br0"), "ip-route", (all) => [
        ...all,
        { family: "inet" as const, dst: "172.31.1.1", dev: "br0", scope: "link" },
      ]),
      subject: "gateway/172.31.1.1",
    },
    {
      name: "unnumbered interface",
      expect: "not-applicable",
      facts: edit(via("10.20.0.1", "br0"), "ip-addr", (all) => all.map((one) => ({ ...one, addr_info: [] }))),
      subject: "gateway/10.20.0.1",
    },
  ],
  unknown: [
    {
      name: "addresses not read",
      expect: "unknown",
      facts: unread(bondHost(), "ip-addr"),
      subject: "gateway/10.20.0.1",
    },
  ],
};

function via(gateway: string, dev: string, flags: string[] = []) {
  return edit(bondHost(), "ip-route", (routes) =>
    routes.map((route) => (route.dst === "default" ? { ...route, gateway, dev, flags } : route)),
  );
}
