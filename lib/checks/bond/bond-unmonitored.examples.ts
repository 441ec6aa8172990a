import { setBond } from "../bridge-examples";
import type { CheckExamples } from "../define";
import { bondHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "miimon 0",
      expect: "warn",
      facts: setBond(bondHost(), (bond) => ({ ...bond, miimon: 0 })),
      subject: "bond/bond0",
    },
    {
      name: "an ARP interval without targets watches nothing",
      expect: "warn",
      facts: setBond(bondHost(), (bond) => ({ ...bond, miimon: 0, arp: { interval: 1000, targets: [] } })),
      subject: "bond/bond0",
    },
  ],
  good: [
    { name: "miimon 100", expect: "pass", facts: bondHost(), subject: "bond/bond0" },
    {
      name: "ARP monitor",
      expect: "pass",
      facts: setBond(bondHost(), (bond) => ({ ...bond, miimon: 0, arp: { interval: 1000, targets: ["10.20.0.1"] } })),
      subject: "bond/bond0",
    },
    {
      name: "a bond without members",
      expect: "not-applicable",
      facts: setBond(bondHost(), (bond) => ({ ...bond, miimon: 0, members: [] })),
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
