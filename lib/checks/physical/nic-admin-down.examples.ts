import type { CheckExamples } from "../define";
import { macvtapHost } from "../function-examples";
import { adminDown, bondHost, edit, natHost, plainHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    { name: "a bond member set down", expect: "fail", facts: adminDown(bondHost(), "nic1"), subject: "nic/nic1" },
    {
      name: "the only NIC, with the host's address",
      expect: "fail",
      facts: adminDown(natHost(), "eth0"),
      subject: "nic/eth0",
    },
  ],
  good: [
    { name: "a bond member that waits as backup", expect: "pass", facts: bondHost(), subject: "nic/nic1" },
    { name: "a spare NIC", expect: "not-applicable", facts: plainHost(), subject: "nic/eth1" },
    {
      name: "a card that is a guest's alone, which is suspended",
      expect: "not-applicable",
      facts: edit(adminDown(macvtapHost("passthru"), "enp3s16f1"), "libvirt-state", (all) =>
        all.map((one) => ({ ...one, state: "paused" as const })),
      ),
      subject: "nic/enp3s16f1",
    },
    {
      name: "a spare NIC with nothing but an address that came by itself",
      expect: "not-applicable",
      facts: edit(plainHost(), "ip-addr", (links) =>
        links.map((link) =>
          link.ifname === "eth1"
            ? { ...link, addr_info: [{ family: "inet6" as const, local: "fe80::1", prefixlen: 64, scope: "link" }] }
            : link,
        ),
      ),
      subject: "nic/eth1",
    },
  ],
  unknown: [
    { name: "addresses not read", expect: "unknown", facts: unread(plainHost(), "ip-addr"), subject: "nic/eth1" },
  ],
};
