import type { CheckExamples } from "../define";
import { withHost } from "../host-examples";
import { bondHost, edit, plainHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "strict, and it drops",
      expect: "warn",
      facts: filter(1),
      subject: "host/self",
      samples: { dropped: grown(5, 400) },
    },
  ],
  good: [
    {
      name: "strict, nothing dropped",
      expect: "pass",
      facts: filter(1),
      subject: "host/self",
      samples: { dropped: grown(5, 5) },
    },
    {
      name: "a stray packet",
      expect: "pass",
      facts: filter(1),
      subject: "host/self",
      samples: { dropped: grown(5, 7) },
    },
    {
      name: "loose",
      expect: "not-applicable",
      facts: filter(2),
      subject: "host/self",
      samples: { dropped: grown(5, 400) },
    },
    {
      name: "off",
      expect: "not-applicable",
      facts: filter(0),
      subject: "host/self",
      samples: { dropped: grown(5, 400) },
    },
    { name: "one reading only", expect: "not-applicable", facts: filter(1), subject: "host/self" },
  ],
  unknown: [
    {
      name: "settings not read",
      expect: "unknown",
      facts: unread(withHost(plainHost()), "sysctl"),
      subject: "host/self",
    },
  ],
};

function filter(value: number) {
  return edit(withHost(bondHost()), "sysctl", (all) => ({
    ...all,
    interfaces: ["all", "default", "lo", "br0", "mgmt0"].map((ifname) => ({
      ifname,
      ipv4: { rp_filter: ifname === "br0" ? value : 0 },
      ipv6: {},
    })),
  }));
}

function grown(from: number, to: number) {
  return [
    { at: 930_000, value: from },
    { at: 1_000_000, value: to },
  ];
}
