import type { CheckExamples } from "../define";
import { logLine, withHost } from "../host-examples";
import { edit, natHost, plainHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    { name: "full", expect: "fail", facts: filled(65_536, 65_536), subject: "host/self" },
    { name: "nearly full", expect: "warn", facts: filled(55_000, 65_536), subject: "host/self" },
    {
      name: "filled between two readings",
      expect: "fail",
      facts: edit(filled(100, 65_536), "kernel-log", () => [
        logLine(8_950, "nf_conntrack: nf_conntrack: table full, dropping packet"),
      ]),
      subject: "host/self",
    },
    {
      name: "full, and the log may not be read",
      expect: "fail",
      facts: unread(filled(65_536, 65_536), "kernel-log", "refused", ""),
      subject: "host/self",
    },
  ],
  good: [
    { name: "nearly empty", expect: "pass", facts: filled(2, 65_536), subject: "host/self" },
    {
      name: "was full hours ago",
      expect: "pass",
      facts: edit(filled(100, 65_536), "kernel-log", () => [
        logLine(1_000, "nf_conntrack: nf_conntrack: table full, dropping packet"),
      ]),
      subject: "host/self",
    },
    {
      name: "connections are not tracked",
      expect: "not-applicable",
      facts: edit(withHost(plainHost()), "resources", (all) => ({ ...all, conntrack: undefined })),
      subject: "host/self",
    },
  ],
  unknown: [{ name: "not read", expect: "unknown", facts: unread(filled(1, 2), "resources"), subject: "host/self" }],
};

function filled(count: number, max: number) {
  return edit(withHost(natHost()), "resources", (all) => ({ ...all, conntrack: { count, max } }));
}
