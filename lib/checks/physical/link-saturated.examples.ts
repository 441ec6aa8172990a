import type { CheckExamples } from "../define";
import { nicFacts, twoSamples } from "../nic-examples";
import { noCarrier, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "a gigabit link full for two minutes",
      expect: "warn",
      facts: nicFacts({}, { speed: 1000 }),
      subject: "nic/nic0",
      samples: { received: twoSamples(0, 14_600_000_000), sent: twoSamples(0, 1_000_000) },
    },
  ],
  good: [
    {
      name: "half full",
      expect: "pass",
      facts: nicFacts({}, { speed: 1000 }),
      subject: "nic/nic0",
      samples: { received: twoSamples(0, 7_000_000_000), sent: twoSamples(0, 7_000_000_000) },
    },
    {
      name: "full for a moment, as far as one saw",
      expect: "not-applicable",
      facts: nicFacts({}, { speed: 1000 }),
      subject: "nic/nic0",
      samples: { received: twoSamples(0, 1_200_000_000, 10), sent: twoSamples(0, 0, 10) },
    },
    {
      name: "a card that knows no speed",
      expect: "not-applicable",
      facts: nicFacts({}, { speed: -1 }),
      subject: "nic/nic0",
      samples: { received: twoSamples(0, 14_600_000_000), sent: twoSamples(0, 0) },
    },
    {
      name: "no carrier",
      expect: "not-applicable",
      facts: noCarrier(nicFacts({}, { speed: 1000 }), "nic0"),
      subject: "nic/nic0",
    },
  ],
  unknown: [
    {
      name: "links not read",
      expect: "unknown",
      facts: unread(nicFacts({}, { speed: 1000 }), "ip-link"),
      subject: "host/self",
    },
  ],
};
