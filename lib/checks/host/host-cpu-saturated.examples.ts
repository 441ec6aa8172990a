import type { CheckExamples, Sample } from "../define";
import { healthyResources, withHost } from "../host-examples";
import { edit, factsOf, plainHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "no idle time for 40 s and tasks wait",
      expect: "warn",
      facts: waiting(92),
      subject: "host/self",
      samples: ticks({ idle: 0, softirq: 10, steal: 0 }),
    },
    {
      name: "the hypervisor above takes a third",
      expect: "warn",
      facts: waiting(5),
      subject: "host/self",
      samples: ticks({ idle: 40, softirq: 0, steal: 33 }),
    },
  ],
  good: [
    {
      name: "half idle",
      expect: "pass",
      facts: waiting(20),
      subject: "host/self",
      samples: ticks({ idle: 50, softirq: 5, steal: 0 }),
    },
    {
      name: "fully used, yet nobody waits",
      expect: "pass",
      facts: waiting(8),
      subject: "host/self",
      samples: ticks({ idle: 1, softirq: 5, steal: 0 }),
    },
    {
      name: "a short peak",
      expect: "not-applicable",
      facts: waiting(92),
      subject: "host/self",
      samples: {
        total: [
          { at: 995_000, value: 1000 },
          { at: 1_000_000, value: 2000 },
        ],
        idle: [
          { at: 995_000, value: 500 },
          { at: 1_000_000, value: 500 },
        ],
      },
    },
    { name: "one reading only", expect: "not-applicable", facts: waiting(92), subject: "host/self" },
  ],
  unknown: [
    { name: "not read", expect: "unknown", facts: unread(withHost(plainHost()), "resources"), subject: "host/self" },
  ],
};

function waiting(percent: number) {
  return edit({ ...plainHost(), ...factsOf({ resources: healthyResources }) }, "resources", (all) => ({
    ...all,
    pressure: {
      cpu: { some: { avg10: percent, avg60: percent, avg300: percent, total: 1 } },
      memory: {},
      io: {},
    },
  }));
}

/** 8000 ticks in 40 s on two CPUs, so many percent of them each. */
function ticks(share: Readonly<Record<"idle" | "softirq" | "steal", number>>): Record<string, readonly Sample[]> {
  const row = (delta: number): Sample[] => [
    { at: 960_000, value: 1000 },
    { at: 1_000_000, value: 1000 + delta },
  ];
  return {
    total: row(8000),
    idle: row(80 * share.idle),
    softirq: row(80 * share.softirq),
    steal: row(80 * share.steal),
  };
}
