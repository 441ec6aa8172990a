import type { CheckExamples } from "../define";
import { healthySysctl, withHost } from "../host-examples";
import { edit, plainHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    { name: "IPv4", expect: "warn", facts: ignoring("net.ipv4.icmp_echo_ignore_all", 1), subject: "host/self" },
    { name: "IPv6", expect: "warn", facts: ignoring("net.ipv6.icmp.echo_ignore_all", 1), subject: "host/self" },
  ],
  good: [
    { name: "answers", expect: "pass", facts: ignoring("net.ipv4.icmp_echo_ignore_all", 0), subject: "host/self" },
    {
      name: "ignores broadcasts only, as by default",
      expect: "pass",
      facts: edit(ignoring("net.ipv4.icmp_echo_ignore_all", 0), "sysctl", (all) => ({
        ...all,
        values: { ...all.values, "net.ipv4.icmp_echo_ignore_broadcasts": 1 },
      })),
      subject: "host/self",
    },
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

function ignoring(key: "net.ipv4.icmp_echo_ignore_all" | "net.ipv6.icmp.echo_ignore_all", value: number) {
  return edit(withHost(plainHost()), "sysctl", () => ({
    ...healthySysctl,
    values: { ...healthySysctl.values, [key]: value },
  }));
}
