import type { CheckExamples, Sample } from "../define";
import { withHost } from "../host-examples";
import { edit, plainHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "backlog full",
      expect: "warn",
      facts: edit(withHost(plainHost()), "resources", (all) => ({
        ...all,
        softnet: all.softnet.map((cpu) => (cpu.cpu === 1 ? { ...cpu, dropped: 400 } : cpu)),
      })),
      subject: "host/self",
      samples: { dropped: row(0, 400), worst: row(0, 400), squeezed: row(9, 9) },
    },
    {
      name: "the budget runs out all the time",
      expect: "warn",
      facts: withHost(plainHost()),
      subject: "host/self",
      samples: { dropped: row(0, 0), squeezed: row(0, 60_000) },
    },
  ],
  good: [
    {
      name: "nothing lost, squeezed now and then",
      expect: "pass",
      facts: withHost(plainHost()),
      subject: "host/self",
      samples: { dropped: row(0, 0), squeezed: row(9, 40) },
    },
    {
      name: "lost long ago",
      expect: "pass",
      facts: withHost(plainHost()),
      subject: "host/self",
      samples: { dropped: row(5000, 5000), squeezed: row(9, 9) },
    },
    {
      name: "counters began anew after a restart",
      expect: "pass",
      facts: withHost(plainHost()),
      subject: "host/self",
      samples: {
        dropped: [
          { at: 900_000, value: 5000 },
          { at: 960_000, value: 0 },
          { at: 1_000_000, value: 0 },
        ],
        squeezed: row(0, 0),
      },
    },
    { name: "one reading only", expect: "not-applicable", facts: withHost(plainHost()), subject: "host/self" },
  ],
  unknown: [
    { name: "not read", expect: "unknown", facts: unread(withHost(plainHost()), "resources"), subject: "host/self" },
  ],
};

function row(from: number, to: number): Sample[] {
  return [
    { at: 800_000, value: from },
    { at: 1_000_000, value: to },
  ];
}
