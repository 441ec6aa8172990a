import type { CheckExamples } from "../define";
import { bondHost, memberDown, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "one of two members lost its link",
      expect: "warn",
      facts: memberDown(bondHost(), "nic1"),
      subject: "bond/bond0",
    },
    {
      name: "the active member lost its link",
      expect: "warn",
      facts: memberDown(bondHost(), "nic0"),
      subject: "bond/bond0",
    },
  ],
  good: [
    { name: "one active, one waiting as backup", expect: "pass", facts: bondHost(), subject: "bond/bond0" },
    {
      name: "no member left is bond-down",
      expect: "not-applicable",
      facts: memberDown(bondHost(), "nic0", "nic1"),
      subject: "bond/bond0",
    },
  ],
  unknown: [
    {
      name: "/proc/net/bonding not read",
      expect: "unknown",
      facts: unread(bondHost(), "bond"),
      subject: "bond/bond0",
    },
  ],
};
