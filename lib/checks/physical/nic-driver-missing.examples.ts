import type { FactOf } from "../../probes/registry";
import type { CheckExamples } from "../define";
import { bondHost, factsOf, unread } from "../testing";

type Card = FactOf<"pci-net">[number];

export const examples: CheckExamples = {
  bad: [
    {
      name: "unbound",
      expect: "warn",
      facts: withCards({ slot: "0000:00:11.0", driver: undefined, interfaces: [] }),
      subject: "host/self",
    },
  ],
  good: [
    { name: "all have one", expect: "pass", facts: withCards({}), subject: "host/self" },
    {
      name: "handed to a guest",
      expect: "pass",
      facts: withCards({ driver: "vfio-pci", interfaces: [] }),
      subject: "host/self",
    },
    {
      name: "virtual functions that wait for guests",
      expect: "pass",
      facts: withCards({ driver: undefined, interfaces: [], physfn: "0000:00:10.0" }),
      subject: "host/self",
    },
    {
      name: "a Wi-Fi card whose driver is blacklisted",
      expect: "pass",
      facts: withCards({ class: "0x028000", driver: undefined, interfaces: [] }),
      subject: "host/self",
    },
    {
      name: "a host without PCI",
      expect: "not-applicable",
      facts: unread(withCards({}), "pci-net", "absent", ""),
      subject: "host/self",
    },
  ],
  unknown: [{ name: "not read", expect: "unknown", facts: unread(withCards({}), "pci-net"), subject: "host/self" }],
};

function withCards(second: Partial<Card>) {
  const card: Card = {
    slot: "0000:00:10.0",
    class: "0x020000",
    vendor: "0x8086",
    device: "0x1521",
    driver: "igb",
    interfaces: ["nic0"],
  };
  return {
    ...bondHost(),
    ...factsOf({ "pci-net": [card, { ...card, slot: "0000:00:11.0", interfaces: ["nic1"], ...second }] }),
  };
}
