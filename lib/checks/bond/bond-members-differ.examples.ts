import type { Bond } from "../../probes/bond";
import { setBond } from "../bridge-examples";
import type { CheckExamples } from "../define";
import { bondHost, memberDown, setLink, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "one member narrower",
      expect: "warn",
      facts: setLink(bondHost(), "nic1", { mtu: 1400 }),
      subject: "bond/bond0",
    },
    { name: "half duplex", expect: "warn", facts: member(1, { duplex: "half" }), subject: "bond/bond0" },
    {
      name: "balanced over members of different speed",
      expect: "warn",
      facts: setBond(member(1, { speed: 1000 }), (bond) => ({ ...bond, mode: "802.3ad" })),
      subject: "bond/bond0",
    },
    { name: "the slow one is in use", expect: "warn", facts: member(0, { speed: 1000 }), subject: "bond/bond0" },
  ],
  good: [
    { name: "alike", expect: "pass", facts: bondHost(), subject: "bond/bond0" },
    { name: "a slower backup that waits", expect: "pass", facts: member(1, { speed: 1000 }), subject: "bond/bond0" },
    {
      name: "the fast one is dead, the slow one serves: that is what it is for",
      expect: "pass",
      facts: memberDown(member(1, { speed: 1000 }), "nic0"),
      subject: "bond/bond0",
    },
    {
      name: "speed not told (virtio)",
      expect: "pass",
      facts: member(1, { speed: undefined }),
      subject: "bond/bond0",
    },
    {
      name: "members wider than the bond",
      expect: "pass",
      facts: setLink(bondHost(), "nic1", { mtu: 9000 }),
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

function member(which: number, change: Partial<Bond["members"][number]>) {
  return setBond(bondHost(), (bond) => ({
    ...bond,
    members: bond.members.map((one, at) => (at === which ? { ...one, ...change } : one)),
  }));
}
