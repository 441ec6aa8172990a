import type { CheckExamples } from "../define";
import { healthyClock, withHost } from "../host-examples";
import { bondHost, edit, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    { name: "a minute and a half ahead", expect: "warn", facts: at(999_900 + 90_000), subject: "host/self" },
    { name: "a year behind", expect: "fail", facts: at(999_900 - 31_536_000_000), subject: "host/self" },
    {
      name: "right now, but its time service has found no server for an hour",
      expect: "warn",
      facts: service({ synchronized: false, ntp: true }),
      subject: "host/self",
      samples: {
        unsynced: [
          { at: -3_000_000, value: 1 },
          { at: 1_000_000, value: 1 },
        ],
      },
    },
  ],
  good: [
    { name: "in step", expect: "pass", facts: withHost(bondHost()), subject: "host/self" },
    {
      name: "a slow reading from a host without nanoseconds",
      expect: "pass",
      facts: { ...withHost(bondHost()), clock: slow() },
      subject: "host/self",
    },
    {
      name: "no time service, right all the same",
      expect: "pass",
      facts: service({ synchronized: false, ntp: false }),
      subject: "host/self",
    },
    {
      name: "the time service has just been started",
      expect: "pass",
      facts: service({ synchronized: false, ntp: true }),
      subject: "host/self",
      samples: {
        unsynced: [
          { at: 900_000, value: 1 },
          { at: 1_000_000, value: 1 },
        ],
      },
    },
  ],
  unknown: [
    { name: "not read", expect: "unknown", facts: unread(withHost(bondHost()), "clock"), subject: "host/self" },
  ],
};

function at(epochMs: number) {
  return edit(withHost(bondHost()), "clock", (clock) => ({ ...clock, epochMs }));
}

function service(timedatectl: { synchronized: boolean; ntp: boolean }) {
  return edit(withHost(bondHost()), "clock", (clock) => ({ ...clock, timedatectl }));
}

/** Four seconds behind, read in eight: it may as well be right. */
function slow() {
  return { ok: true as const, value: { ...healthyClock, epochMs: 996_000, fine: false }, at: 1_000_000, ms: 8_000 };
}
