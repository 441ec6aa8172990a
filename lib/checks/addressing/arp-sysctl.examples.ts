import type { CheckExamples } from "../define";
import { withHost } from "../host-examples";
import { bondHost, edit, plainHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    { name: "answers nobody", expect: "fail", facts: conf("br0", { arp_ignore: 8 }), subject: "bridge/br0" },
    { name: "set for all interfaces", expect: "fail", facts: conf("all", { arp_ignore: 8 }), subject: "bridge/br0" },
    {
      name: "a bridge of guests answers for others",
      expect: "warn",
      facts: conf("br0", { proxy_arp: 1 }),
      subject: "bridge/br0",
    },
  ],
  good: [
    { name: "defaults", expect: "pass", facts: conf("br0", {}), subject: "bridge/br0" },
    {
      name: "as load balancers have it",
      expect: "pass",
      facts: conf("all", { arp_ignore: 1, arp_announce: 2 }),
      subject: "bridge/br0",
    },
    {
      name: "routed guests: proxy ARP on a NIC",
      expect: "pass",
      facts: conf("mgmt0", { proxy_arp: 1 }),
      subject: "nic/mgmt0",
    },
    { name: "no address", expect: "not-applicable", facts: conf("all", { arp_ignore: 8 }), subject: "bond/bond0" },
    {
      name: "an interface that has no such settings",
      expect: "not-applicable",
      facts: edit(conf("br0", {}), "sysctl", (all) => ({ ...all, interfaces: [] })),
      subject: "bridge/br0",
    },
  ],
  unknown: [
    {
      name: "settings not read",
      expect: "unknown",
      facts: unread(withHost(plainHost()), "sysctl"),
      subject: "nic/eth0",
    },
  ],
};

function conf(ifname: string, change: Readonly<Record<string, number>>) {
  return edit(withHost(bondHost()), "sysctl", (all) => ({
    ...all,
    interfaces: ["all", "default", "br0", "bond0", "mgmt0"].map((name) => ({
      ifname: name,
      ipv4: {
        rp_filter: 2,
        arp_ignore: 0,
        arp_announce: 0,
        arp_filter: 0,
        proxy_arp: 0,
        ...(name === ifname ? change : {}),
      },
      ipv6: {},
    })),
  }));
}
