import type { CheckExamples } from "../define";
import { healthyResources } from "../host-examples";
import { nicFacts, twoSamples } from "../nic-examples";
import { factsOf, setLink, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    { name: "LRO on a bond's member under a bridge", expect: "warn", facts: lro(true), subject: "nic/nic0" },
    {
      name: "half of what a guest sends by UDP has no checksum filled in",
      expect: "warn",
      facts: counting({ tcp: 0, udp: 400 }),
      subject: "host/self",
      samples: { tcp: twoSamples(0, 0, 600), udp: twoSamples(0, 400, 600) },
    },
  ],
  good: [
    {
      name: "a spoilt packet now and then",
      expect: "pass",
      facts: counting({ tcp: 3, udp: 2 }),
      subject: "host/self",
      samples: { tcp: twoSamples(0, 3, 600), udp: twoSamples(0, 2, 600) },
    },
    {
      name: "many, long ago",
      expect: "pass",
      facts: counting({ tcp: 90_000, udp: 2 }),
      subject: "host/self",
      samples: { tcp: twoSamples(90_000, 90_000, 600), udp: twoSamples(2, 2, 600) },
    },
    {
      name: "a kernel that does not count them",
      expect: "not-applicable",
      facts: counting(undefined),
      subject: "host/self",
    },
    { name: "LRO off, GRO in hardware on", expect: "pass", facts: lro(false), subject: "nic/nic0" },
    {
      name: "LRO on a NIC that forwards nothing",
      expect: "not-applicable",
      facts: setLink(lro(true), "nic0", { master: undefined }),
      subject: "nic/nic0",
    },
    {
      name: "LRO under a bond without a bridge",
      expect: "not-applicable",
      facts: setLink(lro(true), "bond0", (link) => ({ ...link, master: undefined, linkinfo: { info_kind: "bond" } })),
      subject: "nic/nic0",
    },
  ],
  unknown: [
    { name: "counters not read", expect: "unknown", facts: unread(lro(true), "resources"), subject: "host/self" },
    { name: "ethtool not read", expect: "unknown", facts: unread(lro(true), "ethtool"), subject: "nic/nic0" },
  ],
};

function counting(badChecksums: { tcp: number; udp: number } | undefined) {
  return { ...lro(false), ...factsOf({ resources: { ...healthyResources, badChecksums } }) };
}

function lro(on: boolean) {
  return nicFacts({
    features: [
      { name: "generic-receive-offload", on: true, fixed: false },
      { name: "large-receive-offload", on, fixed: false },
      { name: "rx-gro-hw", on: true, fixed: false },
    ],
  });
}
