import type { CheckExamples, Sample } from "../define";
import { logLine, withHost } from "../host-examples";
import { edit, plainHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    { name: "tasks wait for reclaim", expect: "warn", facts: stalled(34), subject: "host/self" },
    {
      name: "pages come back from swap",
      expect: "warn",
      facts: stalled(2),
      subject: "host/self",
      samples: { swapIn: row(0, 40_000) },
    },
    {
      name: "pages go out, and hardly any memory is left",
      expect: "warn",
      facts: edit(stalled(3), "resources", (all) => ({ ...all, memory: { ...all.memory, available: 90_000 } })),
      subject: "host/self",
      samples: { swapOut: row(0, 90_000) },
    },
    {
      name: "the host ran out of memory, and the kernel killed a process",
      expect: "fail",
      facts: killing("Out of memory: Killed process 812 (qemu-system-x86) total-vm:9000000kB"),
      subject: "host/self",
      samples: { kills: row(0, 1) },
    },
  ],
  good: [
    {
      name: "a container met its own limit",
      expect: "pass",
      facts: killing("Memory cgroup out of memory: Killed process 4711 (java) total-vm:900000kB"),
      subject: "host/self",
      samples: { kills: row(0, 1) },
    },
    { name: "plenty", expect: "pass", facts: withHost(plainHost()), subject: "host/self" },
    {
      name: "memory full of page cache, swap holds idle pages",
      expect: "pass",
      facts: edit(withHost(plainHost()), "resources", (all) => ({
        ...all,
        memory: { total: 2_000_000, available: 300_000, swapTotal: 1_000_000, swapFree: 10_000 },
        swap: { in: 900_000, out: 900_000 },
      })),
      subject: "host/self",
      samples: { swapIn: row(900_000, 900_100), kills: row(3, 3) },
    },
    {
      name: "idle pages go out to make room for the cache of a backup",
      expect: "pass",
      facts: stalled(1),
      subject: "host/self",
      samples: { swapOut: row(0, 90_000) },
    },
    {
      name: "killed before we ever looked",
      expect: "pass",
      facts: edit(withHost(plainHost()), "resources", (all) => ({ ...all, oomKills: 7 })),
      subject: "host/self",
      samples: { kills: [{ at: 1_000_000, value: 7 }] },
    },
    {
      name: "a kernel without pressure information",
      expect: "pass",
      facts: edit(withHost(plainHost()), "resources", (all) => ({ ...all, pressure: undefined })),
      subject: "host/self",
    },
  ],
  unknown: [
    {
      name: "somebody was killed, and the log is for root only",
      expect: "unknown",
      facts: unread(withHost(plainHost()), "kernel-log", "refused"),
      subject: "host/self",
      samples: { kills: row(0, 1) },
    },
    { name: "not read", expect: "unknown", facts: unread(withHost(plainHost()), "resources"), subject: "host/self" },
  ],
};

function row(from: number, to: number): Sample[] {
  return [
    { at: 960_000, value: from },
    { at: 1_000_000, value: to },
  ];
}

function stalled(percent: number) {
  return edit(withHost(plainHost()), "resources", (all) => ({
    ...all,
    pressure: {
      cpu: {},
      memory: { some: { avg10: percent, avg60: percent, avg300: percent, total: 1 } },
      io: {},
    },
  }));
}

function killing(text: string) {
  return edit(stalled(0), "kernel-log", (all) => [...all, logLine(8_990, text)]);
}
