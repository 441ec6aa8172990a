import type { CheckExamples, Sample } from "../define";
import { bondHost, edit, setLink, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "a guest that hangs",
      expect: "warn",
      facts: bondHost(),
      subject: "tap/web-01/52:54:00:5b:00:01",
      samples: { dropped: row(0, 5000), taken: row(700, 700) },
    },
    {
      name: "a guest that is too slow",
      expect: "warn",
      facts: bondHost(),
      subject: "tap/web-01/52:54:00:5b:00:01",
      samples: { dropped: row(0, 5000), taken: row(0, 90_000) },
    },
    {
      name: "it was paused, runs again and hangs",
      expect: "warn",
      facts: bondHost(),
      subject: "tap/web-01/52:54:00:5b:00:01",
      samples: {
        dropped: [...row(0, 5000, 985_000), { at: 1_000_000, value: 5400 }],
        taken: row(700, 700),
        paused: pausedUntil(980_000),
      },
    },
  ],
  good: [
    {
      name: "nothing dropped",
      expect: "pass",
      facts: bondHost(),
      subject: "tap/web-01/52:54:00:5b:00:01",
      samples: { dropped: row(12, 12), taken: row(0, 900) },
    },
    {
      name: "a burst was too much once",
      expect: "pass",
      facts: bondHost(),
      subject: "tap/web-01/52:54:00:5b:00:01",
      samples: { dropped: row(0, 200), taken: row(0, 900_000) },
    },
    {
      name: "a paused guest reads nothing by design",
      expect: "not-applicable",
      facts: edit(bondHost(), "libvirt-state", (all) => all.map((one) => ({ ...one, state: "paused" as const }))),
      subject: "tap/web-01/52:54:00:5b:00:01",
      samples: { dropped: row(0, 5000), taken: row(700, 700) },
    },
    {
      name: "what was dropped while it was paused, and it runs again",
      expect: "pass",
      facts: bondHost(),
      subject: "tap/web-01/52:54:00:5b:00:01",
      samples: {
        dropped: [...row(0, 5000, 985_000), { at: 1_000_000, value: 5003 }],
        taken: row(700, 900),
        paused: pausedUntil(980_000),
      },
    },
    {
      name: "one reading only",
      expect: "not-applicable",
      facts: setLink(bondHost(), "vnet0", {}),
      subject: "tap/web-01/52:54:00:5b:00:01",
    },
  ],
  unknown: [{ name: "links not read", expect: "unknown", facts: unread(bondHost(), "ip-link"), subject: "host/self" }],
};

function row(from: number, to: number, until = 1_000_000): Sample[] {
  return [
    { at: 940_000, value: from },
    { at: until, value: to },
  ];
}

function pausedUntil(at: number): Sample[] {
  return [
    { at: 930_000, value: 0 },
    { at: 940_000, value: 1 },
    { at, value: 1 },
    { at: at + 5_000, value: 0 },
  ];
}
