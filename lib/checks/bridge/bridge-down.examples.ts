import type { CheckExamples } from "../define";
import { addLinks, adminDown, bondHost, bridge, plainHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "a bridge with uplink and guests",
      expect: "fail",
      facts: adminDown(bondHost(), "br0"),
      subject: "bridge/br0",
    },
  ],
  good: [
    { name: "up", expect: "pass", facts: bondHost(), subject: "bridge/br0" },
    { name: "idle virbr0 has no carrier and is well", expect: "pass", facts: bondHost(), subject: "bridge/virbr0" },
    {
      name: "idle docker0 has no carrier and is well",
      expect: "pass",
      facts: plainHost(),
      subject: "bridge/docker0",
    },
    {
      name: "an empty bridge that is set down",
      expect: "not-applicable",
      facts: addLinks(plainHost(), bridge(20, "br9", { flags: ["BROADCAST", "MULTICAST"], operstate: "DOWN" })),
      subject: "bridge/br9",
    },
  ],
  unknown: [
    {
      name: "interfaces not read: no bridge is to be seen",
      expect: "unknown",
      facts: unread(bondHost(), "ip-link"),
      subject: "host/self",
    },
  ],
};
