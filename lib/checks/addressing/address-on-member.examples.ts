import type { CheckExamples } from "../define";
import { adminDown, bondHost, edit, plainHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "left on the bond under the bridge",
      expect: "fail",
      facts: withAddress("bond0", "global"),
      subject: "bond/bond0",
    },
    {
      name: "left on a member of the bond",
      expect: "fail",
      facts: withAddress("nic0", "global"),
      subject: "nic/nic0",
    },
  ],
  good: [
    { name: "on the bridge", expect: "pass", facts: bondHost(), subject: "bond/bond0" },
    { name: "only a link-local address", expect: "pass", facts: withAddress("bond0", "link"), subject: "bond/bond0" },
    {
      name: "on a NIC that is enslaved to nothing",
      expect: "not-applicable",
      facts: plainHost(),
      subject: "nic/eth0",
    },
    { name: "a member that is set down", expect: "pass", facts: adminDown(bondHost(), "nic1"), subject: "nic/nic1" },
  ],
  unknown: [
    { name: "addresses not read", expect: "unknown", facts: unread(bondHost(), "ip-addr"), subject: "bond/bond0" },
  ],
};

function withAddress(ifname: string, scope: string) {
  return edit(bondHost(), "ip-addr", (links) =>
    links.map((link) =>
      link.ifname === ifname
        ? { ...link, addr_info: [{ family: "inet" as const, local: "10.20.0.10", prefixlen: 24, scope }] }
        : link,
    ),
  );
}
