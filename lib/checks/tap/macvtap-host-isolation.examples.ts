import type { Facts } from "../../facts/facts";
import type { CheckExamples } from "../define";
import { addLinks, bondHost, edit, factsOf, link, macOf, stateOf, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "the host asks for its own guest",
      expect: "warn",
      facts: withMacvtap("bridge", "FAILED"),
      subject: "macvtap/web-01/52:54:00:5b:00:01",
    },
  ],
  good: [
    {
      name: "nobody on the host wants it: by design",
      expect: "pass",
      facts: withMacvtap("bridge"),
      subject: "macvtap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "the host hears it (a switch that reflects)",
      expect: "pass",
      facts: withMacvtap("vepa", "REACHABLE"),
      subject: "macvtap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "the host asks for somebody else",
      expect: "pass",
      facts: withMacvtap("bridge", "FAILED", "10.0.2.78"),
      subject: "macvtap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "no agent, and everybody that the host asks for answers",
      expect: "pass",
      facts: withoutAgent(withMacvtap("bridge", "REACHABLE")),
      subject: "macvtap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a card that is the guest's alone",
      expect: "not-applicable",
      facts: withMacvtap("passthru", "FAILED"),
      subject: "macvtap/web-01/52:54:00:5b:00:01",
    },
  ],
  unknown: [
    {
      name: "no agent tells whose address the host misses",
      expect: "unknown",
      facts: withoutAgent(withMacvtap("bridge", "FAILED")),
      subject: "macvtap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "neighbours not read",
      expect: "unknown",
      facts: unread(withMacvtap("bridge"), "ip-neigh"),
      subject: "macvtap/web-01/52:54:00:5b:00:01",
    },
  ],
};

function withoutAgent(facts: Facts): Facts {
  return edit(facts, "libvirt-ifaddr", (told) => ({ ...told, addresses: [] }));
}

function withMacvtap(mode: string, state?: string, asked = "10.0.2.77"): Facts {
  const direct = edit(bondHost(), "libvirt-domains", ([first, ...rest]) =>
    first
      ? [
          {
            ...first,
            interfaces: first.interfaces.map((nic) => ({
              ...nic,
              type: "direct",
              source: { dev: "mgmt0", mode: "bridge" },
              target: "macvtap0",
            })),
          },
          ...rest,
        ]
      : undefined,
  );
  const facts = addLinks(
    edit(direct, "ip-neigh", (all) =>
      state === undefined ? all : [...all, { family: "inet", dst: asked, dev: "mgmt0", state: [state] }],
    ),
    link(40, "macvtap0", {
      address: macOf(1),
      link: "mgmt0",
      linkinfo: { info_kind: "macvtap", info_data: { mode } },
    }),
  );
  const domains = facts["libvirt-domains"];
  return {
    ...facts,
    ...factsOf({
      "libvirt-state": domains?.ok ? domains.value.map(stateOf) : [],
      "libvirt-ifaddr": {
        addresses: [
          { source: "agent", ifname: "eth0", mac: macOf(1), family: "ipv4", address: "10.0.2.77", prefix: 24 },
        ],
        agents: [],
      },
    }),
  };
}
