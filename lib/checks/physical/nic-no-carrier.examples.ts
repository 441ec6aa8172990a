import type { CheckExamples } from "../define";
import { adminDown, bondHost, natHost, noCarrier, plainHost, unread } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "a bond member without a cable",
      expect: "fail",
      facts: noCarrier(bondHost(), "nic1"),
      subject: "nic/nic1",
    },
    {
      name: "the only NIC, with the host's address",
      expect: "fail",
      facts: noCarrier(natHost(), "eth0"),
      subject: "nic/eth0",
    },
  ],
  good: [
    { name: "a bond member with carrier", expect: "pass", facts: bondHost(), subject: "nic/nic0" },
    {
      name: "a spare port, up and without a cable",
      expect: "not-applicable",
      facts: plainHost(),
      subject: "nic/eth2",
    },
    { name: "a spare port that is set down", expect: "not-applicable", facts: plainHost(), subject: "nic/eth1" },
    {
      name: "a member that is set down is another fault",
      expect: "not-applicable",
      facts: adminDown(bondHost(), "nic1"),
      subject: "nic/nic1",
    },
  ],
  unknown: [
    {
      name: "addresses not read, nothing else uses it",
      expect: "unknown",
      facts: unread(plainHost(), "ip-addr"),
      subject: "nic/eth2",
    },
  ],
};
