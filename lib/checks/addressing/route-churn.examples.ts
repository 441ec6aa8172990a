import type { CheckExamples, Sample } from "../define";
import { bondHost, plainHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "the default route comes and goes",
      expect: "warn",
      facts: bondHost(),
      subject: "host/self",
      samples: { routes: row(1, 2, 1, 2, 1, 2, 1) },
    },
  ],
  good: [
    {
      name: "steady",
      expect: "pass",
      facts: bondHost(),
      subject: "host/self",
      samples: { routes: row(1, 1, 1, 1, 1, 1) },
    },
    {
      name: "reconfigured once",
      expect: "pass",
      facts: bondHost(),
      subject: "host/self",
      samples: { routes: row(1, 2, 3, 3, 3, 3) },
    },
    {
      name: "long ago",
      expect: "pass",
      facts: plainHost(),
      subject: "host/self",
      samples: {
        routes: [...row(1, 2, 1, 2, 1, 2, 1).map((one) => ({ ...one, at: one.at - 600_000 })), ...row(1, 1)],
      },
    },
    {
      name: "one reading only",
      expect: "not-applicable",
      facts: plainHost(),
      subject: "host/self",
      samples: { routes: row(1) },
    },
  ],
  unknown: [
    { name: "routes not read", expect: "unknown", facts: unread(bondHost(), "ip-route"), subject: "host/self" },
  ],
};

function row(...values: readonly number[]): Sample[] {
  return values.map((value, at) => ({ at: 1_000_000 - (values.length - 1 - at) * 10_000, value }));
}
