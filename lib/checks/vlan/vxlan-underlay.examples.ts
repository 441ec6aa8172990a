import type { Facts } from "../../facts/facts";
import type { FdbEntry } from "../../probes/bridge-fdb";
import type { CheckExamples } from "../define";
import { drop, iptablesFilter, nftTable, noRules, payload, withRules } from "../firewall/examples";
import { addLinks, bondHost, bridge, edit, enslaved, factsOf, link, plainHost, unread } from "../testing";
import { zero } from "./vxlan-underlay";

export const examples: CheckExamples = {
  bad: [
    { name: "1500 over 1500", expect: "warn", facts: tunnel({ mtu: 1500 }), subject: "vxlan/vxlan100" },
    {
      name: "no route to the far end",
      expect: "fail",
      facts: edit(tunnel({}), "ip-route", (routes) => routes.filter((route) => route.dst !== "default")),
      subject: "vxlan/vxlan100",
    },
    {
      name: "the far end on the same wire does not answer",
      expect: "fail",
      facts: neighbour(tunnel({ remote: "10.20.0.77" }), "10.20.0.77", "FAILED"),
      subject: "vxlan/vxlan100",
    },
    {
      name: "nobody to send broadcasts to",
      expect: "fail",
      facts: tunnel({ remote: undefined }),
      subject: "vxlan/vxlan100",
    },
    {
      name: "the host lets no VXLAN in",
      expect: "fail",
      facts: withRules(tunnel({}), noRules, iptablesFilter({ input: ["-A INPUT -p udp -m udp --dport 4789 -j DROP"] })),
      subject: "vxlan/vxlan100",
    },
    {
      name: "the host lets no VXLAN out, by nftables",
      expect: "fail",
      facts: withRules(tunnel({}), nftTable("inet", "output", [[payload("udp", "dport", 4789), drop]])),
      subject: "vxlan/vxlan100",
    },
    {
      name: "sends for ten minutes and hears nothing: another VNI there, or a filter on the way",
      expect: "warn",
      facts: tunnel({}),
      subject: "vxlan/vxlan100",
      samples: counted(400, 0),
    },
  ],
  good: [
    {
      name: "another port is closed",
      expect: "pass",
      facts: withRules(tunnel({}), noRules, iptablesFilter({ input: ["-A INPUT -p udp -m udp --dport 8472 -j DROP"] })),
      subject: "vxlan/vxlan100",
    },
    {
      name: "closed but for this far end",
      expect: "pass",
      facts: withRules(
        tunnel({}),
        noRules,
        iptablesFilter({
          input: [
            "-A INPUT -s 10.99.0.7/32 -p udp -m udp --dport 4789 -j ACCEPT",
            "-A INPUT -p udp -m multiport --dports 4789,8472 -j DROP",
          ],
        }),
      ),
      subject: "vxlan/vxlan100",
    },
    {
      name: "closed on another interface",
      expect: "pass",
      facts: withRules(
        tunnel({}),
        noRules,
        iptablesFilter({ input: ["-A INPUT -i mgmt0 -p udp -m udp --dport 4789 -j DROP"] }),
      ),
      subject: "vxlan/vxlan100",
    },
    {
      name: "idle: nothing sent, nothing heard",
      expect: "pass",
      facts: tunnel({}),
      subject: "vxlan/vxlan100",
      samples: counted(3, 0),
    },
    {
      name: "sends a lot and hears little",
      expect: "pass",
      facts: tunnel({}),
      subject: "vxlan/vxlan100",
      samples: counted(100_000, 2),
    },
    {
      name: "sends, and was seen for a minute only",
      expect: "pass",
      facts: tunnel({}),
      subject: "vxlan/vxlan100",
      samples: counted(400, 0, 60),
    },
    {
      name: "neither nftables nor iptables on the host",
      expect: "pass",
      facts: unread(unread(tunnel({}), "nft", "absent", ""), "iptables", "absent", ""),
      subject: "vxlan/vxlan100",
    },
    { name: "1450 over 1500", expect: "pass", facts: tunnel({}), subject: "vxlan/vxlan100" },
    {
      name: "1500 over jumbo frames",
      expect: "pass",
      facts: jumbo(tunnel({ mtu: 1500 })),
      subject: "vxlan/vxlan100",
    },
    {
      name: "flood entries instead of one remote",
      expect: "pass",
      facts: {
        ...tunnel({ remote: undefined }),
        ...factsOf({ "bridge-fdb": [flood("10.20.0.77"), flood("10.20.0.78")] }),
      },
      subject: "vxlan/vxlan100",
    },
    {
      name: "a multicast group",
      expect: "pass",
      facts: tunnel({ remote: undefined, group: "239.1.1.1" }),
      subject: "vxlan/vxlan100",
    },
    {
      name: "EVPN fills it",
      expect: "not-applicable",
      facts: tunnel({ remote: undefined, learning: false }),
      subject: "vxlan/vxlan100",
    },
    {
      name: "external",
      expect: "not-applicable",
      facts: tunnel({ remote: undefined, external: true }),
      subject: "vxlan/vxlan100",
    },
    {
      name: "the gateway is known and answers",
      expect: "pass",
      facts: neighbour(tunnel({}), "10.20.0.1", "REACHABLE"),
      subject: "vxlan/vxlan100",
    },
  ],
  unknown: [
    {
      name: "routes not read",
      expect: "unknown",
      facts: unread(tunnel({}), "ip-route"),
      subject: "vxlan/vxlan100",
    },
    {
      name: "rules need root",
      expect: "unknown",
      facts: unread(tunnel({}), "nft", "refused", ""),
      subject: "vxlan/vxlan100",
    },
    { name: "interfaces not read", expect: "unknown", facts: unread(plainHost(), "ip-link"), subject: "host/self" },
  ],
};

interface Settings {
  readonly mtu?: number;
  readonly remote?: string;
  readonly group?: string;
  readonly learning?: boolean;
  readonly external?: boolean;
}

function tunnel(settings: Settings): Facts {
  const { mtu = 1450, learning = true, ...rest } = { remote: "10.99.0.7", ...settings };
  const data = { id: 100, port: 4789, learning, ...rest };
  const made = link(40, "vxlan100", { mtu, linkinfo: { info_kind: "vxlan", info_data: data } });
  return withRules({
    ...addLinks(bondHost(), bridge(41, "br100", { mtu }), enslaved(made, "br100")),
    ...factsOf({ "bridge-fdb": [] }),
  });
}

/** Counters now and some time ago. */
function counted(sent: number, received: number, seconds = 600) {
  const of = (grown: number) => [
    { at: 1_000_000 - seconds * 1000, value: 7 },
    { at: 1_000_000, value: 7 + grown },
  ];
  return { sent: of(sent), received: of(received) };
}

function flood(dst: string): FdbEntry {
  return { mac: zero, ifname: "vxlan100", dst, flags: ["self"], state: "permanent" };
}

function jumbo(facts: Facts): Facts {
  return edit(facts, "ip-link", (links) => links.map((one) => (one.ifname === "br0" ? { ...one, mtu: 9000 } : one)));
}

function neighbour(facts: Facts, dst: string, state: string): Facts {
  return {
    ...facts,
    ...factsOf({ "ip-neigh": [{ family: "inet", dst, dev: "br0", state: [state] }] }),
  };
}
