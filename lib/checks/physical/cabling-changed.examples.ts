import { setBond } from "../bridge-examples";
import type { CheckExamples, Sample } from "../define";
import { bondHost, factsOf, unread } from "../testing";
import { type Neighbour, numberOf } from "./cabling-changed";

export const examples: CheckExamples = {
  bad: [
    {
      name: "moved to another port",
      expect: "warn",
      facts: heard("swp7"),
      subject: "nic/nic0",
      samples: { port: seen("swp1", "swp7") },
    },
    {
      name: "moved to another switch, same port name",
      expect: "warn",
      facts: heard("swp1"),
      subject: "nic/nic0",
      samples: { port: seen("swp2", "swp1") },
    },
    {
      name: "a member of an LACP bond on another switch than the other one",
      expect: "warn",
      facts: twoSwitches("52:54:00:4c:ff:22", "52:54:00:4c:ff:22"),
      subject: "nic/nic1",
      samples: { port: [] },
    },
  ],
  good: [
    {
      name: "an LACP bond over an MLAG pair: two chassis, one LACP system",
      expect: "not-applicable",
      facts: twoSwitches("52:54:00:4c:ff:22", "52:54:00:4c:ff:11"),
      subject: "nic/nic1",
    },
    {
      name: "two channel groups of one switch: bond-lacp-failed tells that",
      expect: "not-applicable",
      facts: twoSwitches("52:54:00:4c:ff:11", "52:54:00:4c:ff:22"),
      subject: "nic/nic1",
    },
    {
      name: "active-backup over two switches",
      expect: "not-applicable",
      facts: setBond(twoSwitches("52:54:00:4c:ff:22", "52:54:00:4c:ff:22"), (bond) => ({
        ...bond,
        mode: "active-backup",
      })),
      subject: "nic/nic1",
    },
    {
      name: "as always",
      expect: "pass",
      facts: heard("swp1"),
      subject: "nic/nic0",
      samples: { port: seen("swp1", "swp1") },
    },
    {
      name: "seen for the first time",
      expect: "pass",
      facts: heard("swp1"),
      subject: "nic/nic0",
      samples: { port: seen("swp1", "swp1").slice(1) },
    },
    {
      name: "put back where it was",
      expect: "pass",
      facts: heard("swp1"),
      subject: "nic/nic0",
      samples: {
        port: [...seen("swp1", "swp7").slice(1), { at: 1_000_000, value: seen("swp1", "swp1")[0]?.value ?? 0 }],
      },
    },
    {
      name: "nobody heard",
      expect: "not-applicable",
      facts: heard(),
      subject: "nic/nic0",
      samples: { port: seen("swp1", "swp7") },
    },
    {
      name: "two neighbours at one NIC",
      expect: "not-applicable",
      facts: heard("swp1", "swp2"),
      subject: "nic/nic0",
      samples: { port: seen("swp1", "swp2") },
    },
    {
      name: "a host without lldpd",
      expect: "not-applicable",
      facts: unread(heard(), "lldp", "absent", ""),
      subject: "nic/nic0",
    },
  ],
  unknown: [{ name: "lldpd did not answer", expect: "unknown", facts: unread(heard(), "lldp"), subject: "nic/nic0" }],
};

/** nic0 on tor-01, nic1 on a switch of that chassis whose LACP system is `partner`. */
function twoSwitches(chassis: string, partner: string) {
  const first = "52:54:00:4c:ff:11";
  const end = (systemMac: string) => ({
    systemPriority: 1,
    systemMac,
    key: 9,
    portPriority: 1,
    portNumber: 1,
    portState: 61,
  });
  const facts = setBond(bondHost(), (bond) => ({
    ...bond,
    mode: "802.3ad",
    lacp: { aggregator: { id: 1, ports: 1, actorKey: 15, partnerKey: 9, partnerMac: first } },
    members: bond.members.map((member, at) => ({
      ...member,
      aggregatorId: at === 0 || partner === first ? 1 : 2,
      partner: end(at === 0 ? first : partner),
    })),
  }));
  const far = neighbour("swp2");
  const other = { ...far, ifname: "nic1", chassis: { ...far.chassis, id: chassis, name: "tor-02" } };
  return { ...facts, ...factsOf({ lldp: [neighbour("swp1"), other] }) };
}

function neighbour(port: string): Neighbour {
  return {
    ifname: "nic0",
    via: "LLDP",
    chassis: { id: "52:54:00:4c:ff:11", name: "tor-01", mgmtIps: [], capabilities: ["Bridge"] },
    port: { id: port },
    vlans: [],
  };
}

function heard(...ports: readonly string[]) {
  return { ...bondHost(), ...factsOf({ lldp: ports.map(neighbour) }) };
}

function seen(before: string, now: string): Sample[] {
  return [
    { at: 100_000, value: numberOf(neighbour(before)) ?? 0 },
    { at: 500_000, value: numberOf(neighbour(before)) ?? 0 },
    { at: 1_000_000, value: numberOf(neighbour(now)) ?? 0 },
  ];
}
