import type { CheckExamples } from "../define";
import { bondHost, edit, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    { name: "storage full", expect: "fail", facts: inState("paused", "I/O error"), subject: "vm/web-01" },
    { name: "its QEMU died", expect: "fail", facts: inState("shut off", "crashed"), subject: "vm/web-01" },
    {
      name: "kernel panic, kept for a look",
      expect: "fail",
      facts: inState("crashed", "panicked"),
      subject: "vm/web-01",
    },
    {
      name: "starts by itself, yet is off",
      expect: "warn",
      facts: inState("shut off", "destroyed"),
      subject: "vm/web-01",
    },
    {
      name: "starts by itself, and did not with the host",
      expect: "warn",
      facts: inState("shut off", "unknown"),
      subject: "vm/web-01",
      samples: { unstarted: [{ at: 870_000, value: 1 }], willed: [{ at: 800_000, value: 0 }] },
    },
    {
      name: "paused by somebody and forgotten",
      expect: "warn",
      facts: inState("paused", "user"),
      subject: "vm/web-01",
      samples: {
        paused: [
          { at: 900_000, value: 1 },
          { at: 1_000_000, value: 1 },
        ],
      },
    },
  ],
  good: [
    { name: "running", expect: "pass", facts: bondHost(), subject: "vm/web-01" },
    { name: "migrated away", expect: "not-applicable", facts: inState("shut off", "migrated"), subject: "vm/web-01" },
    { name: "saved", expect: "not-applicable", facts: inState("shut off", "saved"), subject: "vm/web-01" },
    { name: "being migrated", expect: "not-applicable", facts: inState("paused", "migrating"), subject: "vm/web-01" },
    {
      name: "a snapshot is made",
      expect: "not-applicable",
      facts: inState("paused", "creating snapshot"),
      subject: "vm/web-01",
    },
    { name: "shutting down", expect: "not-applicable", facts: inState("in shutdown", "user"), subject: "vm/web-01" },
    {
      name: "paused a moment ago",
      expect: "not-applicable",
      facts: inState("paused", "user"),
      subject: "vm/web-01",
      samples: { paused: [{ at: 990_000, value: 1 }] },
    },
    {
      name: "shut down on purpose, though it starts with the host",
      expect: "not-applicable",
      facts: inState("shut off", "shutdown"),
      subject: "vm/web-01",
    },
    {
      name: "the host has just started, and its turn has not come",
      expect: "not-applicable",
      facts: inState("shut off", "unknown"),
      subject: "vm/web-01",
      samples: { unstarted: [{ at: 970_000, value: 1 }], willed: [{ at: 800_000, value: 0 }] },
    },
    {
      name: "shut down on purpose, and libvirt was started again since",
      expect: "not-applicable",
      facts: inState("shut off", "unknown"),
      subject: "vm/web-01",
      samples: { unstarted: [{ at: 500_000, value: 1 }], willed: [{ at: 490_000, value: 1 }] },
    },
    {
      name: "off, and not meant to start by itself",
      expect: "not-applicable",
      facts: edit(inState("shut off", "destroyed"), "libvirt-domains", (all) =>
        all.map((one) => ({ ...one, autostart: false })),
      ),
      subject: "vm/web-01",
    },
  ],
  unknown: [
    { name: "states not read", expect: "unknown", facts: unread(bondHost(), "libvirt-state"), subject: "vm/web-01" },
  ],
};

type State = "paused" | "crashed" | "shut off" | "in shutdown";

function inState(state: State, reason: string) {
  return edit(bondHost(), "libvirt-state", (all) =>
    all.map((one) => (one.name === "web-01" ? { ...one, state, reason, interfaces: [] } : one)),
  );
}
