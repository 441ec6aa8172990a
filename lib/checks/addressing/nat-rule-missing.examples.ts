import type { CheckExamples } from "../define";
import { bondHost, edit, factsOf, natHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    { name: "rules flushed", expect: "fail", facts: ruled([], []), subject: "bridge/virbr0" },
    {
      name: "only another subnet's",
      expect: "fail",
      facts: ruled(["-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE"], []),
      subject: "bridge/virbr0",
    },
  ],
  good: [
    {
      name: "as libvirt writes it with iptables",
      expect: "pass",
      facts: ruled(["-A LIBVIRT_PRT -s 192.168.122.0/24 ! -d 192.168.122.0/24 -j MASQUERADE"], []),
      subject: "bridge/virbr0",
    },
    {
      name: "as libvirt writes it with nftables",
      expect: "pass",
      facts: ruled(
        [],
        [
          {
            match: {
              op: "==",
              left: { payload: { protocol: "ip", field: "saddr" } },
              right: { prefix: { addr: "192.168.122.0", len: 24 } },
            },
          },
          { masquerade: null },
        ],
      ),
      subject: "bridge/virbr0",
    },
    {
      name: "all that leaves by the uplink is translated",
      expect: "pass",
      facts: ruled(["-A POSTROUTING -o eth0 -j MASQUERADE"], []),
      subject: "bridge/virbr0",
    },
    {
      name: "a routed network",
      expect: "not-applicable",
      facts: edit(ruled([], []), "libvirt-networks", (all) =>
        all.map((one) => ({ ...one, forward: { mode: "route", interfaces: [] } })),
      ),
      subject: "bridge/virbr0",
    },
    { name: "an ordinary bridge", expect: "not-applicable", facts: bondHost(), subject: "bridge/br0" },
  ],
  unknown: [
    {
      name: "rules need root",
      expect: "unknown",
      facts: unread(ruled([], []), "nft", "refused", ""),
      subject: "bridge/virbr0",
    },
    {
      name: "no tool to read the rules with",
      expect: "unknown",
      facts: unread(unread(ruled([], []), "nft", "refused", ""), "iptables", "absent", ""),
      subject: "bridge/virbr0",
    },
  ],
};

function ruled(iptables: readonly string[], nft: readonly unknown[]) {
  return {
    ...natHost(),
    ...factsOf({
      iptables: [
        {
          family: "inet",
          backend: "nf_tables",
          tables: [
            {
              name: "nat",
              chains: [],
              rules: iptables.map((text) => ({ chain: "POSTROUTING", packets: 0, bytes: 0, text })),
            },
          ],
        },
      ],
      nft: {
        tables: [],
        chains: [],
        sets: [],
        rules: nft.length === 0 ? [] : [{ family: "ip", table: "libvirt_network", chain: "guest_nat", expr: [...nft] }],
      },
    }),
  };
}
