import type { CheckExamples } from "../define";
import {
  accept,
  callingIptables,
  drop,
  iptablesFilter,
  match,
  nftTable,
  noRules,
  payload,
  withRules,
} from "../firewall/examples";
import { bondHost, macOf, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "not in the set that is asked for",
      expect: "fail",
      facts: withRules(bondHost(), listed([macOf(2)])),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "accepted ones first, the rest dropped",
      expect: "fail",
      facts: withRules(
        bondHost(),
        nftTable("bridge", "forward", [
          [match("iifname", "bond0"), accept],
          [payload("ether", "saddr", { set: [macOf(2), macOf(3)] }), accept],
          [match("iifname", "vnet*"), drop],
        ]),
      ),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "by iptables on bridged frames",
      expect: "fail",
      facts: callingIptables(
        withRules(
          bondHost(),
          noRules,
          iptablesFilter({
            forward: [
              "-A FORWARD -m physdev --physdev-in bond0 -j ACCEPT",
              `-A FORWARD -m mac --mac-source ${macOf(2)} -j ACCEPT`,
              "-A FORWARD -m physdev --physdev-is-bridged -j DROP",
            ],
          }),
        ),
      ),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
  ],
  good: [
    {
      name: "on the list",
      expect: "pass",
      facts: withRules(bondHost(), listed([macOf(1), macOf(2)])),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    { name: "no list", expect: "pass", facts: withRules(bondHost()), subject: "tap/web-01/52:54:00:5b:00:01" },
    {
      name: "dropped by name: another check tells",
      expect: "not-applicable",
      facts: withRules(bondHost(), nftTable("bridge", "forward", [[payload("ether", "saddr", macOf(1)), drop]])),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
  ],
  unknown: [
    {
      name: "rules need root",
      expect: "unknown",
      facts: unread(withRules(bondHost()), "nft", "refused", ""),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
  ],
};

function listed(macs: readonly string[]) {
  return nftTable(
    "bridge",
    "prerouting",
    [[match("iifname", "vnet*"), payload("ether", "saddr", "@macs", "!="), drop]],
    { sets: [{ family: "bridge", table: "guard", name: "macs", type: "ether_addr", handle: 2, elem: [...macs] }] },
  );
}
