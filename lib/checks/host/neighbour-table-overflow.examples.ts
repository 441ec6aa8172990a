import type { CheckExamples, Sample } from "../define";
import { logLine, withHost } from "../host-examples";
import { bondHost, edit, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "neighbours are refused",
      expect: "fail",
      facts: withHost(bondHost()),
      subject: "host/self",
      samples: { inet: row(0, 12) },
    },
    {
      name: "IPv6 neighbours are refused",
      expect: "fail",
      facts: withHost(bondHost()),
      subject: "host/self",
      samples: { inet: row(0, 0), inet6: row(3, 4) },
    },
    {
      name: "a kernel that does not count refusals says so in its log",
      expect: "fail",
      facts: uncounted(8_990),
      subject: "host/self",
    },
    { name: "nearly full", expect: "warn", facts: crowded(1000), subject: "host/self" },
  ],
  good: [
    {
      name: "a kernel that does not count refusals said so an hour ago",
      expect: "pass",
      facts: uncounted(5_000),
      subject: "host/self",
    },
    { name: "a few neighbours", expect: "pass", facts: withHost(bondHost()), subject: "host/self" },
    {
      name: "refused long ago",
      expect: "pass",
      facts: withHost(bondHost()),
      subject: "host/self",
      samples: { inet: row(40, 40) },
    },
    {
      name: "thousands of entries that somebody set",
      expect: "pass",
      facts: edit(crowded(4000), "ip-neigh", (all) => [
        ...all,
        ...Array.from({ length: 3990 }, (_, at) => ({
          family: "inet" as const,
          dst: `10.9.${at >> 8}.${at & 255}`,
          dev: "br0",
          lladdr: "52:54:00:00:00:01",
          state: ["PERMANENT"],
        })),
      ]),
      subject: "host/self",
    },
  ],
  unknown: [
    { name: "not read", expect: "unknown", facts: unread(withHost(bondHost()), "resources"), subject: "host/self" },
  ],
};

function row(from: number, to: number): Sample[] {
  return [
    { at: 800_000, value: from },
    { at: 1_000_000, value: to },
  ];
}

function crowded(entries: number) {
  return edit(withHost(bondHost()), "resources", (all) => ({
    ...all,
    neighbours: all.neighbours.map((table) => (table.family === "inet" ? { ...table, entries } : table)),
  }));
}

/** `time`: of the kernel's line, seconds since boot; the host is up for 9,000. */
function uncounted(time: number) {
  const facts = edit(withHost(bondHost()), "resources", (all) => ({
    ...all,
    neighbours: all.neighbours.map((table) => ({ ...table, tableFulls: undefined })),
  }));
  return edit(facts, "kernel-log", (all) => [
    ...all,
    logLine(time, "neighbour: arp_cache: neighbor table overflow!", 6),
  ]);
}
