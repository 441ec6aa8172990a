import type { CheckExamples } from "../define";
import { addLinks, bondHost, bridge, natHost, plainHost, setLink, tap, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "moved to another bridge",
      expect: "fail",
      facts: setLink(addLinks(bondHost(), bridge(40, "br9")), "vnet0", { master: "br9" }),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a guest of the NAT network on the LAN's bridge",
      expect: "fail",
      facts: setLink(addLinks(natHost(), bridge(40, "br0")), "vnet0", { master: "br0" }),
      subject: "tap/nat-1/52:54:00:5b:00:01",
    },
  ],
  good: [
    { name: "where it belongs", expect: "pass", facts: bondHost(), subject: "tap/web-01/52:54:00:5b:00:01" },
    { name: "on its NAT network's bridge", expect: "pass", facts: natHost(), subject: "tap/nat-1/52:54:00:5b:00:01" },
    {
      name: "on no bridge is another fault",
      expect: "not-applicable",
      facts: setLink(bondHost(), "vnet0", { master: undefined }),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
    {
      name: "a VPN's TAP on a bridge",
      expect: "not-applicable",
      facts: addLinks(plainHost(), tap(20, "tap0", "52:54:00:00:00:20", { master: "docker0" })),
      subject: "tap/tap0",
    },
  ],
  unknown: [
    {
      name: "libvirt did not answer",
      expect: "unknown",
      facts: unread(bondHost(), "libvirt-domains"),
      subject: "tap/web-01/net0",
    },
  ],
};
