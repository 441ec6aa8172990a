import { setBridge } from "../bridge-examples";
import type { CheckExamples } from "../define";
import { bondHost, natHost, plainHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "STP with the kernel's default delay",
      expect: "warn",
      facts: setBridge(bondHost(), "br0", { stp_state: 1, forward_delay: 1500 }),
      subject: "bridge/br0",
    },
  ],
  good: [
    { name: "no STP, no delay", expect: "pass", facts: bondHost(), subject: "bridge/br0" },
    {
      name: "no STP: the delay does not count",
      expect: "pass",
      facts: setBridge(bondHost(), "br0", { stp_state: 0, forward_delay: 1500 }),
      subject: "bridge/br0",
    },
    {
      name: "libvirt's network: STP with the least delay",
      expect: "pass",
      facts: setBridge(natHost(), "virbr0", { stp_state: 1, forward_delay: 200 }),
      subject: "bridge/virbr0",
    },
    {
      name: "STP by a daemon",
      expect: "pass",
      facts: setBridge(bondHost(), "br0", { stp_state: 2, forward_delay: 1500 }),
      subject: "bridge/br0",
    },
    {
      name: "no guest on it",
      expect: "not-applicable",
      facts: setBridge(plainHost(), "docker0", { stp_state: 1, forward_delay: 1500 }),
      subject: "bridge/docker0",
    },
  ],
  unknown: [
    { name: "interfaces not read", expect: "unknown", facts: unread(bondHost(), "ip-link"), subject: "host/self" },
  ],
};
