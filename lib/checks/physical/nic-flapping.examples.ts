import type { CheckExamples } from "../define";
import { nicFacts, twoSamples } from "../nic-examples";
import { adminDown, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "six losses in two minutes",
      expect: "warn",
      facts: nicFacts({}, { carrier_down_count: 8 }),
      subject: "nic/nic0",
      samples: { lost: twoSamples(2, 8) },
    },
  ],
  good: [
    {
      name: "a cable that was moved, a bond that failed over",
      expect: "pass",
      facts: nicFacts({}, { carrier_down_count: 3 }),
      subject: "nic/nic0",
      samples: { lost: twoSamples(2, 3) },
    },
    {
      name: "lost long ago",
      expect: "pass",
      facts: nicFacts({}, { carrier_down_count: 40 }),
      subject: "nic/nic0",
      samples: {
        lost: [
          { at: 100_000, value: 30 },
          { at: 390_000, value: 40 },
          { at: 1_000_000, value: 40 },
        ],
      },
    },
    {
      name: "set down now",
      expect: "not-applicable",
      facts: adminDown(nicFacts({}, { carrier_down_count: 8 }), "nic0"),
      subject: "nic/nic0",
      samples: { lost: twoSamples(2, 8) },
    },
  ],
  unknown: [
    { name: "sysfs not read", expect: "unknown", facts: unread(nicFacts({}), "sysfs-net"), subject: "nic/nic0" },
  ],
};
