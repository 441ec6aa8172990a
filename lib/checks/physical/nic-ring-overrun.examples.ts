import type { CheckExamples } from "../define";
import { type EthtoolNic, nicFacts, twoSamples } from "../nic-examples";
import { unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "missed frames, a ring of 256 of 4096",
      expect: "warn",
      facts: ringFacts(256),
      subject: "nic/nic0",
      samples: { missed: twoSamples(100, 9000) },
    },
  ],
  good: [
    {
      name: "nothing missed lately",
      expect: "pass",
      facts: ringFacts(256),
      subject: "nic/nic0",
      samples: { missed: twoSamples(9000, 9000) },
    },
    {
      name: "the ring is as large as it can be",
      expect: "not-applicable",
      facts: ringFacts(4096),
      subject: "nic/nic0",
      samples: { missed: twoSamples(100, 9000) },
    },
    {
      name: "the driver tells no ring",
      expect: "not-applicable",
      facts: nicFacts({ statistics: [{ name: "rx_missed_errors", value: 9000 }] }),
      subject: "nic/nic0",
      samples: { missed: twoSamples(100, 9000) },
    },
  ],
  unknown: [
    { name: "ethtool not read", expect: "unknown", facts: unread(ringFacts(256), "ethtool"), subject: "nic/nic0" },
  ],
};

function ringFacts(now: number) {
  const nic: Partial<EthtoolNic> = {
    statistics: [{ name: "rx_missed_errors", value: 9000 }],
    ring: { maximum: { rx: 4096, tx: 4096 }, current: { rx: now, tx: 256 } },
  };
  return nicFacts(nic);
}
