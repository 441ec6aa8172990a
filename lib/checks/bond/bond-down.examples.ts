import type { CheckExamples } from "../define";
import { adminDown, bondHost, memberDown, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "both members dead",
      expect: "fail",
      facts: memberDown(bondHost(), "nic0", "nic1"),
      subject: "bond/bond0",
    },
    { name: "set down", expect: "fail", facts: adminDown(bondHost(), "bond0"), subject: "bond/bond0" },
  ],
  good: [
    { name: "healthy", expect: "pass", facts: bondHost(), subject: "bond/bond0" },
    { name: "one member left", expect: "pass", facts: memberDown(bondHost(), "nic0"), subject: "bond/bond0" },
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
